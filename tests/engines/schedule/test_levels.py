import networkx as nx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from guatu.engines.schedule.levels import NARROW, find_cycle, sweep

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
