"""The subcommands of `smote-bench`, one module each."""
