"""Columns that are no features: groups, time, given splits, weights."""
