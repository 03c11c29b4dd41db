"""What is compared, a baseline or a run: scores and descriptions of samples, from a run, a file, a table."""
