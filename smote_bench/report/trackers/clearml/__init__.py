"""A run in ClearML, under the names of the original test bench."""
