"""A run in MLflow: one for the session, and one below it for each cell."""
