"""Invented projects and firms: repeatable, marked, and never a real code."""

import datetime as dt

from stdnum.cn import uscc

from guatu.campaign.sample.invented import NO_SUCH_REGION, firms, projects

TODAY = dt.date(2025, 3, 18)
PATHS = {"industry": ["sign", "permit", "start", "operation"], "road": ["permit", "operation"]}


def _projects(seed: int, count: int) -> list[object]:
    return list(projects(seed, count, paths=PATHS, units=["甲", "乙"], leaders=["丙"], today=TODAY))


def test_projects_when_seed_is_the_same_then_the_same_projects() -> None:
    assert _projects(7, 40) == _projects(7, 40)
    assert _projects(7, 40) != _projects(8, 40)


def test_projects_when_many_then_names_differ_and_carry_the_mark() -> None:
    made = projects(1, 600, paths=PATHS, units=["甲"], leaders=["丙"], today=TODAY)
    assert all(project.name.startswith("示例") for project in made)
    assert all(node.finished is None or node.finished <= TODAY for p in made for node in p.nodes)
    assert {len(p.nodes) for p in made} == {2, 4}


def test_firms_when_many_then_codes_pass_the_check_digit_and_name_no_region() -> None:
    made = firms(1, 3000, ["东街"])
    assert all(uscc.is_valid(firm.uscc) for firm in made)
    assert {firm.uscc[2:8] for firm in made} == {NO_SUCH_REGION}
    assert len({firm.uscc for firm in made}) == len({firm.name for firm in made}) == 3000
