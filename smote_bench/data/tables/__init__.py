"""A user's file as a table of features and labels: layout, kinds of columns, missing cells."""
