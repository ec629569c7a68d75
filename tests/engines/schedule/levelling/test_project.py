from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.engines.schedule.levelling import Status, level_project
from guatu.engines.schedule.levelling.bounds import critical_chain, energy
from guatu.engines.schedule.levelling.packing import packed
from guatu.engines.schedule.levelling.population import Island
from guatu.engines.schedule.rcpsp import BadProject, Rcpsp
from tests.engines.schedule.levelling.projects import faults, project, shortest


@settings(max_examples=40)
@given(
    jobs=st.integers(1, 5),
    seed=st.integers(0, 10**6),
    resources=st.integers(0, 3),
    tight=st.sampled_from([0.0, 0.3, 1.0]),
)
def test_level_project_when_small_then_as_short_as_every_order_tried(
    jobs: int, seed: int, resources: int, tight: float
) -> None:
    made = project(jobs, seed, resources=resources, tight=tight)
    answer = level_project(made, limit=2, seed=seed)
    assert answer.starts is not None
    assert faults(made, answer.starts) == []
    least = shortest(made)
    assert (answer.status, answer.makespan, answer.bound, answer.gap) == (
        Status.OPTIMAL,
        least,
        least,
        0.0,
    )
    assert max(critical_chain(made), energy(made)) <= least


@pytest.mark.parametrize("resources", [1, 4, 12])
@pytest.mark.parametrize("workers", [1, 2])
def test_level_project_when_larger_then_nothing_is_violated_and_the_bound_is_below(
    resources: int, workers: int
) -> None:
    made = project(120, 7, resources=resources, tight=0.2)
    answer = level_project(made, limit=0.5, workers=workers, seed=3)
    assert answer.starts is not None
    assert faults(made, answer.starts) == []
    assert answer.makespan == max(
        start + lasts for start, lasts in zip(answer.starts, made.durations, strict=True)
    )
    assert answer.bound is not None
    assert answer.bound <= answer.makespan


@pytest.mark.parametrize(("jobs", "tight"), [(60, 0.1), (120, 0.05)])
def test_level_project_when_run_again_beside_other_work_then_the_same_answer(
    jobs: int, tight: float
) -> None:
    made = project(jobs, 11, resources=4, tight=tight)
    alone = level_project(made, limit=0.4, workers=2, seed=5)
    with ThreadPoolExecutor(3) as pool:
        runs = [
            pool.submit(level_project, made, limit=0.4, workers=2, seed=seed) for seed in (5, 6, 5)
        ]
    assert [run.result() for run in runs[::2]] == [alone, alone]


def test_level_project_when_a_need_exceeds_its_capacity_then_infeasible_with_the_reason() -> None:
    made = Rcpsp((2, 3), ((), ()), ((1,), (4,)), (3,))
    answer = level_project(made, limit=1)
    assert (answer.status, answer.starts, answer.makespan, answer.gap) == (
        Status.INFEASIBLE,
        None,
        None,
        None,
    )
    assert answer.reasons == ("工作2需要资源1共4，而总量只有3。",)


def test_level_project_when_nothing_lasts_then_length_zero() -> None:
    answer = level_project(Rcpsp((0, 0), ((1,), ()), ((), ()), ()), limit=1)
    assert (answer.status, answer.makespan, answer.gap, answer.starts) == (
        Status.OPTIMAL,
        0,
        0.0,
        (0, 0),
    )


def test_level_project_when_resources_fill_a_word_then_each_keeps_its_lane() -> None:
    huge = 2**59
    made = Rcpsp((2, 2, 2), ((), (), ()), ((huge, 1), (huge, 1), (0, 1)), (huge + 5, 2))
    answer = level_project(made, limit=1)
    assert answer.starts is not None
    assert faults(made, answer.starts) == []
    assert (answer.status, answer.makespan) == (Status.OPTIMAL, 4)


def test_rcpsp_when_jobs_precede_each_other_then_they_are_named() -> None:
    with pytest.raises(BadProject, match="成了循环，或在循环之后：1、2。"):
        Rcpsp((1, 1), ((1,), (0,)), ((), ()), ())


def test_island_when_it_takes_in_a_schedule_then_never_longer_than_it() -> None:
    made = project(60, 2, resources=4, tight=0.05)
    strong, weak = Island(made, packed(made), 1), Island(made, packed(made), 2)
    strong.breed(40_000_000, 0)
    weak.take_in(strong.best)
    assert weak.best.length <= strong.best.length
    assert faults(made, weak.best.starts) == []
