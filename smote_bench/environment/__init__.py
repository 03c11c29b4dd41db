"""What our code runs in: the code behind a name as installed and loaded, threads, time limits, settings."""
