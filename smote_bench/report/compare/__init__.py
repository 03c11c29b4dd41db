"""Two runs beside each other: what differs in settings, cells and scores, as text and as a page."""
