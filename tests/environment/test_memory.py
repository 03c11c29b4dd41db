"""Limits of memory: sizes in words, the kernel's limit held and put back, and who ran into one."""

from __future__ import annotations

import errno
import sys

import numpy as np
import pytest

from smote_bench.environment import memory
from smote_bench.environment.memory import (
    data_bytes,
    is_out_of_memory,
    kills_for_memory,
    memory_limit,
    parse_size,
    refuse_without_limits,
    size_text,
)
from smote_bench.errors import ConfigError

on_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux limits the memory")


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("2GB", 2_000_000_000),
        ("500 mb", 500_000_000),
        ("1.5GiB", 1_610_612_736),
        ("1500M", 1_500_000_000),
        ("1TiB", 1024**4),
        ("2000000000", 2_000_000_000),
        ("0", 0),
        ("", 0),
    ],
)
def test_a_size_is_written_as_people_do(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["much", "-1GB", "2 bananas", "nan", "1e9", "GB", "2GBGB"])
def test_no_size_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ConfigError, match="expected a size such as 2GB"):
        parse_size(text)


def test_a_size_without_its_unit_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"expected at least 1MB, got '2': write the unit, as in 2GB"):
        parse_size("2")


def test_sizes_are_shown_with_three_digits() -> None:
    assert [size_text(n) for n in (1_500_000_000, 34_567_000)] == ["1.5 GB", "35 MB"]


@on_linux
def test_the_limit_holds_in_its_block_and_nowhere_else() -> None:
    import resource

    before = resource.getrlimit(resource.RLIMIT_DATA)
    with memory_limit(data_bytes() + 100_000_000):
        np.ones(1_000_000)
        with pytest.raises(MemoryError):
            np.ones(30_000_000)
    assert resource.getrlimit(resource.RLIMIT_DATA) == before
    assert np.ones(30_000_000).nbytes == 240_000_000


@on_linux
def test_the_limit_is_put_back_after_an_error_and_none_is_set_for_zero() -> None:
    import resource

    before = resource.getrlimit(resource.RLIMIT_DATA)
    with pytest.raises(KeyError), memory_limit(data_bytes() + 100_000_000):
        raise KeyError
    with memory_limit(0):
        assert resource.getrlimit(resource.RLIMIT_DATA) == before
    assert resource.getrlimit(resource.RLIMIT_DATA) == before


@on_linux
def test_a_limit_that_is_passed_already_is_said_to_be_so() -> None:
    with (
        pytest.raises(MemoryError, match=r"the process holds .* before it begins to compute"),
        memory_limit(1),
    ):
        pass


def test_other_platforms_refuse_the_option(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory.sys, "platform", "darwin")
    with pytest.raises(ConfigError, match=r"expected Linux.* for smote_max_memory; got darwin: leave it out"):
        refuse_without_limits("smote_max_memory")


def _chained(cause: BaseException, *, is_explicit: bool) -> Exception:
    try:
        try:
            raise cause
        except type(cause):
            if is_explicit:
                raise ValueError("failed") from cause
            raise ValueError("failed")  # noqa: B904  # what the test is about
    except ValueError as error:
        return error


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        OSError(errno.ENOMEM, "no"),
        _chained(MemoryError(), is_explicit=True),
        _chained(MemoryError(), is_explicit=False),
        RuntimeError("std::bad_alloc"),
        RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate"),
    ],
)
def test_memory_that_was_not_to_be_had_is_recognised(error: Exception) -> None:
    assert is_out_of_memory(error)


@pytest.mark.parametrize(
    "error",
    [ValueError("memory"), OSError(errno.ENOENT, "no"), _chained(KeyError(), is_explicit=False), None],
)
def test_other_errors_are_not_taken_for_it(error: Exception | None) -> None:
    assert not is_out_of_memory(error)


def test_a_circle_of_errors_has_an_end() -> None:
    one, other = ValueError(), ValueError()
    one.__cause__, other.__cause__ = other, one
    assert not is_out_of_memory(one)


@on_linux
def test_the_kernels_count_is_read() -> None:
    found = kills_for_memory()
    assert found is None or found >= 0
