"""The gate: a baseline and a run in, a verdict out. Fails on a real drop or change, and on nothing else."""
