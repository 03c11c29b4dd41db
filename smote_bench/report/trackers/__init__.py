"""A run sent to where its user keeps experiments: ClearML, MLflow, or a tracker of another package."""
