"""Makes a checkout work where smote-bench is not installed: the plugin is the one its entry point names."""

pytest_plugins = ["smote_bench.plugin"]
