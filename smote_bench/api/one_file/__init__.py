"""One file, one command: which experiment suits it, how often it is repeated, what the answer is worth."""
