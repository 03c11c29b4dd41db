"""The classifiers that come with the bench, and how one is fitted, thresholded and asked for its answer."""
