"""Figures of a run through matplotlib, fit for a paper: a run in, a `Figure` out."""
