"""A pytest session as the bench sees it: set-up, progress, the gate, and closing the run."""
