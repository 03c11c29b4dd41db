"""Cells of text as values: numbers in clothes, dates, codes, labels, what stands for a missing one."""
