"""The scheduler, driven with nodes that only write down what they are sent."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xdist.scheduler.load import LoadScheduling

from smote_bench.engines.costs import longest_groups_first
from smote_bench.engines.xdist_scheduling import CellScheduling
from smote_bench.evaluation.outcome import Cell


class _Node:
    """A worker: runs what it is sent, the last one only when it was told to shut down, as xdist's do."""

    def __init__(self, name: str) -> None:
        self.gateway = types.SimpleNamespace(id=name)
        self.queue: list[int] = []
        self.ran: list[int] = []
        self.sent: list[list[int]] = []
        self.shutting_down = False

    def send_runtest_some(self, indices: list[int]) -> None:
        assert not self.shutting_down, "a node that shuts down takes no more tests"
        self.sent.append(list(indices))
        self.queue += indices

    def shutdown(self) -> None:
        self.shutting_down = True

    @property
    def can_run(self) -> bool:
        return len(self.queue) >= (1 if self.shutting_down else 2)


def _config(n_nodes: int) -> Any:
    options = {"tx": ["popen"] * n_nodes, "maxschedchunk": None}
    option = types.SimpleNamespace(**options)
    return types.SimpleNamespace(
        option=option, getoption=options.__getitem__, getvalue=options.__getitem__, hook=None
    )


class _Session:
    """A scheduler with its nodes, and a loop that lets them run until nothing moves."""

    def __init__(self, scheduler: LoadScheduling, n_nodes: int, collection: list[str]) -> None:
        self.scheduler = scheduler
        self.collection = collection
        self.nodes = [_Node(f"gw{n}") for n in range(n_nodes)]
        for node in self.nodes:
            scheduler.add_node(node)
        for node in self.nodes:
            scheduler.add_node_collection(node, collection)
        scheduler.schedule()

    def run(self, choose: Callable[[list[_Node]], _Node] = lambda ready: ready[0]) -> None:
        while ready := [node for node in self.nodes if node.can_run]:
            node = choose(ready)
            index = node.queue.pop(0)
            node.ran.append(index)
            self.scheduler.mark_test_complete(node, index)

    def kill(self, node: _Node) -> str | None:
        """End a node as xdist does: give its tests back, start a new one, schedule again."""
        self.nodes.remove(node)
        crashed = self.scheduler.remove_node(node)
        fresh = _Node(f"{node.gateway.id}'")
        self.nodes.append(fresh)
        self.scheduler.add_node(fresh)
        self.scheduler.add_node_collection(fresh, self.collection)
        self.scheduler.schedule()
        return crashed


def _never(_nodeid: str, _node: Any) -> bool:
    return False


def _tasks(groups: Mapping[str, int]) -> list[Cell]:
    return [Cell("D", name, f"c{n}") for name, size in groups.items() for n in range(size)]


def _start(
    cells: list[Cell],
    n_nodes: int,
    seconds: Mapping[str, float] | None = None,
    n_others: int = 0,
    may_try_again: Callable[[str, Any], bool] = _never,
) -> _Session:
    """Start a session with `n_others` tests before the cells that are no cells."""
    cost = seconds or {}
    ranks = longest_groups_first(cells, lambda cell: cost.get(cell.method, 1.0))

    def plan(nodeids: list[str]) -> dict[int, tuple[float, tuple[str, str]]]:
        return {n + n_others: (ranks[cell.group], cell.group) for n, cell in enumerate(cells)}

    collection = [f"other[{n}]" for n in range(n_others)] + [f"cell[{cell.id}]" for cell in cells]
    return _Session(CellScheduling(_config(n_nodes), None, plan, may_try_again), n_nodes, collection)


grids = st.dictionaries(st.sampled_from([*"abcdefgh", "Original"]), st.integers(1, 4), min_size=1)


@given(grids, st.integers(1, 4), st.integers(0, 3), st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_every_test_runs_once_and_no_group_is_shared_in_whatever_order_nodes_are_ready(
    groups: dict[str, int], n_nodes: int, n_others: int, choice: Any
) -> None:
    cells = _tasks(groups)
    session = _start(cells, n_nodes, n_others=n_others)
    session.run(choice.choice)
    ran = [index for node in session.nodes for index in node.ran]
    assert sorted(ran) == list(range(len(cells) + n_others))
    assert all(node.shutting_down for node in session.nodes)
    assert session.scheduler.tests_finished
    for name in groups:
        of_group = {n + n_others for n, cell in enumerate(cells) if cell.method == name}
        assert sum(bool(of_group & set(node.ran)) for node in session.nodes) == 1


def test_a_groups_cells_are_sent_together_and_in_order() -> None:
    session = _start(_tasks({"a": 3, "b": 3}), 2)
    assert [node.sent for node in session.nodes] == [[[0, 1, 2]], [[3, 4, 5]]]


def test_the_dearest_group_goes_first() -> None:
    session = _start(
        _tasks({"cheap": 2, "dear": 2, "middle": 2}), 1, {"cheap": 1.0, "dear": 9.0, "middle": 3.0}
    )
    session.run()
    assert session.nodes[0].ran == [2, 3, 4, 5, 0, 1]


def test_a_groups_cost_is_the_sum_of_its_cells() -> None:
    session = _start(_tasks({"few": 1, "many": 4}), 1, {"few": 3.0, "many": 1.0})
    session.run()
    assert session.nodes[0].ran == [1, 2, 3, 4, 0]


def test_original_goes_before_the_first_other_group_of_its_data_set() -> None:
    cells = [Cell(d, m, "c") for d in ("small", "large") for m in ("SMOTE", "Original", "ADASYN")]
    cost = {"small": 1.0, "large": 10.0}
    dear = {"SMOTE": 2.0, "ADASYN": 1.0, "Original": 0.1}
    ranks = longest_groups_first(cells, lambda cell: cost[cell.dataset] * dear[cell.method])
    order = sorted(ranks, key=ranks.__getitem__)
    assert order == [
        ("large", "Original"),
        ("large", "SMOTE"),
        ("large", "ADASYN"),
        ("small", "Original"),
        ("small", "SMOTE"),
        ("small", "ADASYN"),
    ]


@given(
    st.dictionaries(st.tuples(st.sampled_from("de"), st.sampled_from("abc")), st.floats(0, 1e6), min_size=1)
)
def test_ranks_sort_groups_by_falling_cost(seconds: dict[tuple[str, str], float]) -> None:
    cells = [Cell(dataset, method, "c") for dataset, method in seconds]
    ranks = longest_groups_first(cells, lambda cell: seconds[cell.group])
    order = sorted(ranks, key=ranks.__getitem__)
    costs = [seconds[group] for group in order]
    assert costs == sorted(costs, reverse=True)


@pytest.mark.parametrize("n_nodes", [2, 4])
def test_every_node_gets_work_where_there_are_enough_groups(n_nodes: int) -> None:
    session = _start(_tasks(dict.fromkeys("abcdefgh", 2)), n_nodes)
    assert all(node.queue for node in session.nodes)
    session.run()
    assert all(node.ran for node in session.nodes)


def test_a_node_without_a_group_is_shut_down() -> None:
    session = _start(_tasks({"a": 3}), 2)
    assert (session.nodes[0].queue, session.nodes[1].queue) == ([0, 1, 2], [])
    assert session.nodes[1].shutting_down


def test_groups_of_one_cell_are_sent_two_at_a_time_since_the_last_test_waits() -> None:
    session = _start(_tasks({"a": 1, "b": 1, "c": 1}), 1)
    assert session.nodes[0].sent == [[0], [1]]


def test_tests_that_are_no_cells_come_last_in_their_own_order() -> None:
    session = _start(_tasks({"a": 2}), 1, n_others=3)
    session.run()
    assert session.nodes[0].ran == [3, 4, 0, 1, 2]


@pytest.mark.parametrize("n_ran", [0, 1, 2])
def test_a_node_that_dies_gives_its_tests_back_and_they_stay_together(n_ran: int) -> None:
    session = _start(_tasks({"a": 4, "b": 4, "c": 4}), 2)
    dying, other = session.nodes
    for _ in range(n_ran):
        index = dying.queue.pop(0)
        dying.ran.append(index)
        session.scheduler.mark_test_complete(dying, index)
    crashed = dying.queue[0]
    left = dying.queue[1:]
    assert session.kill(dying) == session.collection[crashed]
    session.run()
    ran = [index for node in (dying, *session.nodes) for index in node.ran]
    assert sorted([*ran, crashed]) == list(range(12))
    assert sum(bool(set(left) & set(node.ran)) for node in session.nodes) == 1
    assert other in session.nodes


def test_a_node_that_dies_when_the_others_have_shut_down_is_replaced_and_nothing_is_lost() -> None:
    session = _start(_tasks({"a": 3, "b": 1}), 2)
    dying, other = session.nodes
    assert other.shutting_down
    session.kill(dying)
    session.run()
    assert sorted(index for node in session.nodes for index in node.ran) == [1, 2, 3]
    assert session.scheduler.tests_finished


@pytest.mark.parametrize("groups", [{"a": 4, "b": 4, "c": 4}, {"a": 2}])
def test_a_cell_that_is_tried_again_comes_last_and_runs_once_more(groups: dict[str, int]) -> None:
    asked: list[tuple[str, str]] = []

    def may_try_again(nodeid: str, node: _Node) -> bool:
        asked.append((nodeid, node.gateway.id))
        return True

    session = _start(_tasks(groups), 2, may_try_again=may_try_again)
    dying = session.nodes[0]
    crashed = dying.queue[0]
    assert session.kill(dying) is None
    assert asked == [(session.collection[crashed], dying.gateway.id)]
    session.run()
    ran = [index for node in session.nodes for index in node.ran]
    assert sorted(ran) == list(range(sum(groups.values())))
    assert session.scheduler.tests_finished
    assert any(node.sent and node.sent[-1][-1] == crashed for node in session.nodes)


@pytest.mark.parametrize(("n_tests", "n_nodes"), [(0, 2), (1, 2), (3, 2), (40, 3)])
def test_a_session_without_cells_is_scheduled_as_xdist_does(n_tests: int, n_nodes: int) -> None:
    collection = [f"test_{n}" for n in range(n_tests)]
    ours = _Session(CellScheduling(_config(n_nodes), None, lambda nodeids: {}, _never), n_nodes, collection)
    theirs = _Session(LoadScheduling(_config(n_nodes), None), n_nodes, collection)
    for session in (ours, theirs):
        session.run()
    assert [node.sent for node in ours.nodes] == [node.sent for node in theirs.nodes]
    assert [node.ran for node in ours.nodes] == [node.ran for node in theirs.nodes]


def test_nodes_that_collected_other_tests_get_none(monkeypatch: pytest.MonkeyPatch) -> None:
    reports = []
    config = _config(2)
    config.hook = types.SimpleNamespace(pytest_collectreport=lambda report: reports.append(report))
    scheduler = CellScheduling(config, None, lambda nodeids: {0: (-1.0, ("D", "a"))}, _never)
    nodes = [_Node("gw0"), _Node("gw1")]
    for node in nodes:
        scheduler.add_node(node)
    for node, name in zip(nodes, ("cell[a]", "cell[b]"), strict=True):
        scheduler.add_node_collection(node, [name])
    scheduler.schedule()
    assert [node.sent for node in nodes] == [[], []]
    assert reports[0].outcome == "failed"
