"""Tables and where they come from: catalogue, providers, files, their digests, preprocessing of columns."""
