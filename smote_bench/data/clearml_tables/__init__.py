"""Data sets that lie in ClearML: their names, notes beside them, the process that fetches, the reading."""
