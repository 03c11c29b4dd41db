"""Rows of numbers and categories: their columns, distances, votes and noise."""
