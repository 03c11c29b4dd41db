"""The subcommands of ``smote-bench``, a module each, imported when they are called."""
