"""The HTML page of a run, section by section, and the files it is filled into."""
