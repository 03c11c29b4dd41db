"""What stays is made without collections, and later ones leave it out."""

import gc

import pytest

from smote_bench.environment.garbage import no_collections


@pytest.fixture(autouse=True)
def _thawed():
    yield
    gc.unfreeze()


def test_nothing_is_collected_inside_and_what_is_there_is_left_out_afterwards():
    started = []

    def note(phase, info):
        started.append(phase)

    gc.callbacks.append(note)
    try:
        with no_collections():
            made = [[] for _ in range(100_000)]
            assert not started
    finally:
        gc.callbacks.remove(note)
    assert gc.isenabled()
    assert gc.get_freeze_count() >= len(made)


def test_collections_that_were_off_stay_off_and_an_error_puts_them_on_again():
    gc.disable()
    try:
        with no_collections():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
    with pytest.raises(ImportError), no_collections():
        raise ImportError("no such module")
    assert gc.isenabled()
