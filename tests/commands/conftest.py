"""What all tests of commands may ask for."""

import argparse

import pytest
from table_fixtures import table, write_sampler

__all__ = ["call", "table", "write_sampler"]


@pytest.fixture
def call(capsys):
    """Call ``smote-bench datasets`` with words; return its exit code and what it printed."""
    from smote_bench.commands import datasets

    def calling(*words):
        parser = argparse.ArgumentParser(prog="smote-bench")
        datasets.add_parser(parser.add_subparsers())
        status = datasets.run(parser.parse_args(["datasets", *words]))
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return calling
