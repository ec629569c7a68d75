from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from guatu.engines.schedule.scoring import Bin, Outcome, QuantileScore, Record, pinball, score

DEADLINE = date(2026, 10, 10)


def outcome(on_time: float | None, finished: date | None, **rest: date | None) -> Outcome:
    return Outcome(
        **{
            "on_time": on_time,
            "deadline": DEADLINE,
            "p50": date(2026, 10, 1),
            "p80": None,
            "p90": None,
            "finished": finished,
            "as_of": date(2026, 12, 1),
            **rest,
        }
    )


def test_score_when_two_came_and_one_did_not_then_the_whole_record() -> None:
    known = [
        outcome(0.8, date(2026, 10, 5)),
        outcome(0.8, date(2026, 10, 20)),
        outcome(0.0, None),
        outcome(0.5, None, as_of=DEADLINE),
    ]
    assert score(known) == Record(
        count=3,
        open=1,
        brier=((0.8 - 1) ** 2 + 0.8**2 + 0) / 3,
        reference=1 / 3 * (1 - 1 / 3),
        skill=1 - ((0.8 - 1) ** 2 + 0.8**2) / 3 / (1 / 3 * (1 - 1 / 3)),
        bins=(Bin(0.0, 0.1, 1, 0.0, 0.0), Bin(0.8, 0.9, 2, 0.8, 0.5)),
        quantiles=(QuantileScore(0.5, 2, 0.5 * (4 + 19) / 2, 0.0),),
    )


def test_score_when_nothing_is_known_then_nothing_is_said() -> None:
    assert score([]) == Record(0, 0, None, None, None, (), ())


@given(
    st.lists(st.dates(date(2026, 1, 1), date(2026, 3, 1)), min_size=1, max_size=40),
    st.sampled_from([0.5, 0.8, 0.9]),
)
def test_pinball_when_any_day_is_said_then_the_quantile_does_best(
    came: list[date], share: float
) -> None:
    def loss(said: date) -> float:
        return sum(pinball(share, said, day) for day in came)

    ordered = sorted(came)
    quantile = next(
        day for place, day in enumerate(ordered, 1) if place >= share * len(ordered) - 1e-9
    )
    assert loss(quantile) <= min(map(loss, came)) + 1e-6
