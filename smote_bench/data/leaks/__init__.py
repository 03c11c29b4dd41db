"""What in a table gives its target away."""
