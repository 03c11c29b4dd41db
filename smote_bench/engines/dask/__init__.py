"""Cells on a Dask cluster; distributed is imported when an engine is made, and not before."""
