"""From two sides of evidence to a verdict: structure, drops of metrics, changes of samples, limits."""
