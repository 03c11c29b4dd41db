"""What is made of a stored run: analyses, tables, figures, pages, what trackers get. No cell is run here."""
