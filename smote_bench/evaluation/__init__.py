"""The pure core: a cell in, an outcome out; folds, samples, points. No experiment, no run."""
