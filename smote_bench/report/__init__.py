"""What is made of a stored run: analyses, tables, figures, pages. Nothing here runs a cell."""
