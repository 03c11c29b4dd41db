"""The experiment: methods, data sets, classifiers and their protocol; read from YAML, checked, narrowed."""
