"""What scripts and notebooks call: the functions of `smote_bench.__all__` and what they return."""
