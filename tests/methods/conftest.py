"""What all tests of methods may ask for."""

from table_fixtures import table, write_sampler

__all__ = ["table", "write_sampler"]
