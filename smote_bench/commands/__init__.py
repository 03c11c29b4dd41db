"""The subcommands of ``smote-bench``, one module each, with `add_parser` and `run`."""
