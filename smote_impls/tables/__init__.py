"""Tables in and out: what is taken, how it is checked, and what comes back as what it was."""
