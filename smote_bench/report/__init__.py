"""What is made of a stored run: analyses, tables, figures, pages, what trackers get. Nothing here runs a cell."""
