"""A value comes whole or not at all, and nobody waits for the rest of one longer than they want to."""

from __future__ import annotations

import pickle
import socket
import threading
from collections.abc import Iterator

import numpy as np
import pytest

from smote_bench.engines import channel as channel_module
from smote_bench.engines.channel import Channel, Garbled, Unanswered


@pytest.fixture
def ends() -> Iterator[tuple[Channel, Channel]]:
    one, other = Channel.pair()
    yield one, other
    one.close()
    other.close()


def test_values_come_as_they_were_sent_and_in_order(ends: tuple[Channel, Channel]) -> None:
    one, other = ends
    large = np.random.default_rng(0).random(1_000_000)
    sent = [None, {"a": (1, 2.5)}, b"\x00" * 8, b"\x00" * 16, large]
    sender = threading.Thread(target=lambda: [one.send(value) for value in sent])
    sender.start()
    found = [other.receive(lambda: other.has_more(60)) for _ in sent]
    sender.join()
    assert found[:-1] == sent[:-1]
    assert found[-1].tobytes() == large.tobytes()
    assert not other.has_more(0)


def test_the_rest_of_a_value_is_waited_for_as_long_as_one_wants(ends: tuple[Channel, Channel]) -> None:
    one, other = ends
    data = pickle.dumps("a value")
    message = channel_module._MARK + len(data).to_bytes(8, "big") + data
    for n in (0, 3, len(channel_module._MARK), len(message) - 1):
        one._end.sendall(message[:n])
        with pytest.raises(Unanswered):
            other.receive(lambda: other.has_more(0))
    one.close()
    with pytest.raises(EOFError):
        other.receive()


@pytest.mark.parametrize("text", [b"a line of text", channel_module._MARK + (3).to_bytes(8, "big") + b"abc"])
def test_what_nobody_sent_so_is_told(ends: tuple[Channel, Channel], text: bytes) -> None:
    one, other = ends
    one._end.sendall(text)
    with pytest.raises(Garbled):
        other.receive(lambda: other.has_more(0))


def test_no_default_limit_of_sockets_ends_the_waiting() -> None:
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(0.01)
    try:
        one, other = Channel.pair()
    finally:
        socket.setdefaulttimeout(before)
    later = threading.Timer(0.2, one.send, ["late"])
    later.start()
    assert other.receive() == "late"
    later.join()
    one.close()
    other.close()


def test_a_value_over_the_limit_is_not_read(ends: tuple[Channel, Channel]) -> None:
    one, other = ends
    one._end.sendall(channel_module._MARK + (channel_module.MOST_BYTES + 1).to_bytes(8, "big"))
    with pytest.raises(Garbled, match="over the limit of"):
        other.receive(lambda: other.has_more(0))


def test_waits_on_descriptors_of_any_number(ends: tuple[Channel, Channel]) -> None:
    resource = pytest.importorskip("resource")
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if most < 1100:
        pytest.skip("no descriptor above 1,023 can be had")
    kept = [socket.socketpair() for _ in range(525)]
    one, other = Channel.pair()
    assert other._end.fileno() > 1023
    one.send("a value")
    assert other.receive(lambda: other.has_more(0)) == "a value"
    for end in (one, other, *(end for pair in kept for end in pair)):
        end.close()
