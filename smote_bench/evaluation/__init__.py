"""The pure core: a cell in, an outcome out; splits, folds, samples, points. No experiment, no run."""
