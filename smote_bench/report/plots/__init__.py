"""A run's figures through matplotlib, fit for a paper: a function per figure, a run in, a `Figure` out."""
