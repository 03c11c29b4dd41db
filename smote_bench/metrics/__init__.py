"""Metrics by name, and the scores of one fit."""
