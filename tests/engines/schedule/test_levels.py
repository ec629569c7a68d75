import networkx as nx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from guatu.engines.schedule.levels import DEAR, NARROW, find_cycle, sweep

Edges = list[tuple[int, int]]


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, Edges]:
    """Graphs that begin wide, narrow down to a chain and sometimes come round."""
    wide, chain = draw(st.integers(1, 3 * NARROW)), draw(st.integers(0, 12))
    count = wide + chain
    node = st.integers(0, count - 1)
    edges = [tuple(sorted(pair)) for pair in draw(st.lists(st.tuples(node, node), max_size=40))]
    edges += [(at, at + 1) for at in range(wide - 1, count - 1)]
    edges = [(a, b) for a, b in edges if a != b]
    if draw(st.booleans()):
        edges += draw(st.lists(st.tuples(node, node).filter(lambda e: e[0] != e[1]), max_size=2))
    return count, edges


def ends(edges: Edges) -> tuple[np.ndarray, np.ndarray]:
    table = np.array(edges, dtype=np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


@given(graphs())
def test_cycle_when_there_is_one_then_its_members_follow_one_another(
    graph: tuple[int, Edges],
) -> None:
    count, edges = graph
    cycle = find_cycle(count, *ends(edges))
    assert bool(cycle) != nx.is_directed_acyclic_graph(nx.DiGraph(edges))
    assert set(zip(cycle, cycle[1:] + cycle[:1], strict=True)) <= set(edges)


@given(graphs())
def test_sweep_when_there_is_no_cycle_then_sources_lie_in_earlier_levels(
    graph: tuple[int, Edges],
) -> None:
    count, edges = graph
    source, target = ends(edges)
    if find_cycle(count, source, target):
        return
    order = sweep(count, source, target)
    level = np.repeat(np.arange(len(order.node_starts) - 1), np.diff(order.node_starts))
    assert sorted(order.order.tolist()) == list(range(count))
    assert (level[order.position[source]] < level[order.position[target]]).all()
    longest = nx.DiGraph(edges)
    longest.add_nodes_from(range(count))
    assert len(order.node_starts) - 1 == nx.dag_longest_path_length(longest) + 1


def stepped(count: int, edges: Edges, weight: np.ndarray, low: np.ndarray) -> list[int]:
    order = sweep(count, *ends(edges))
    place = low[order.order]
    for nodes, source, added, first in order.steps(weight):
        np.maximum.reduceat(place[source] + added, first, out=place[nodes])
    return place[order.position].tolist()


def one_by_one(count: int, edges: Edges, weight: np.ndarray, low: np.ndarray) -> list[int]:
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(count))
    graph.add_edges_from((a, b, {"w": w}) for (a, b), w in zip(edges, weight, strict=True))
    place = low.tolist()
    for node in nx.topological_sort(graph):
        asked = [place[before] + w for before, _node, w in graph.in_edges(node, data="w")]
        place[node] = max([place[node], *asked])
    return place


@given(graphs(), st.data())
def test_steps_when_links_add_days_then_as_node_after_node(
    graph: tuple[int, Edges], data: st.DataObject
) -> None:
    count, edges = graph
    if find_cycle(count, *ends(edges)):
        return
    days = st.integers(-9, 9)
    weight = np.array(data.draw(st.lists(days, min_size=len(edges), max_size=len(edges))), int)
    low = np.array(data.draw(st.lists(days, min_size=count, max_size=count)), int)
    assert stepped(count, edges, weight, low) == one_by_one(count, edges, weight, low)


def test_steps_when_levels_are_thickly_linked_then_each_has_its_own() -> None:
    wide = 2 * NARROW
    chain = [(at, at + 1) for at in range(4 * wide, 4 * wide + 3)]
    edges = [
        (level * wide + a, (level + 1) * wide + b)
        for level in range(3)
        for a in range(wide)
        for b in range(wide)
    ] + [(4 * wide - 1, 4 * wide), *chain]
    count = 4 * wide + 4
    random = np.random.default_rng(2)
    weight, low = random.integers(-9, 9, len(edges)), random.integers(-9, 9, count)
    starts = [step[0].start for step in sweep(count, *ends(edges)).steps(weight)]
    assert wide**3 > DEAR
    assert starts == [0, 2 * wide, 3 * wide, 4 * wide + 1, 4 * wide + 3]
    assert stepped(count, edges, weight, low) == one_by_one(count, edges, weight, low)
