"""A run in its folder: how it is stored, recorded, summarised, found and opened again."""
