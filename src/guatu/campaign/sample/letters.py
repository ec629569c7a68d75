"""Invented letters about the sample's duties, one in each main state."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

from guatu.campaign.sample.people import District, read_data
from guatu.loop import actions
from guatu.loop.enums import DutyState
from guatu.loop.models import Duty, Letter
from guatu.register.enums import EvidenceKind
from guatu.register.recording import Act
from guatu.register.versions import SHANGHAI

HOUR = 13
"""Letters are dealt with after the morning's reports, before the office answers."""


class Letters:
    """Draws up, signs and answers letters on the days the data file tells."""

    def __init__(self, district: District) -> None:
        self.district = district
        self.codes = {post.pk: code for code, post in district.posts.items()}
        self.told: list[dict[str, Any]] = json.loads(read_data("letters.json"))
        self.drawn: dict[int, Letter] = {}

    def live(self, day: dt.date) -> None:
        """One day: every step that falls on it, in the order told."""
        for number, one in enumerate(self.told):
            for minute, (on, step, *words) in enumerate(one["steps"]):
                if on == day.isoformat():
                    self._do(number, one["kind"], step, _at(day, 5 * number + minute), *words)

    def _do(self, number: int, kind: str, step: str, moment: Act, *words: str) -> None:
        if step == "draft":
            act = self.district.act_as(moment, "office1")
            duty = self._duty(moment.business_date)
            self.drawn[number] = actions.draft_letter(act, kind, duty=duty)
            return
        letter = self.drawn[number]
        who = {"office": "office1", "owner": self.codes[letter.addressee_post_id or 0]}
        who["signer"] = self.codes[letter.signer_post_id or 0]
        role, run = STEPS[step]
        run(self.district.act_as(moment, who[role]), letter, *words)

    def _duty(self, day: dt.date) -> Duty:
        """The open duty due first that has a leader, a clerk of the sample and no letter yet."""
        open_ones = Duty.objects.filter(
            state__in=(DutyState.ISSUED, DutyState.DOING),
            issued_on__lt=day,
            due__isnull=False,
            owner_post__in=self.codes,
            leader_post__in=self.codes,
            letters=None,
        )
        found = open_ones.select_related(
            "subject", "owner_post__organisation", "leader_post__organisation", "quote", "document"
        )
        return found.order_by("due", "pk")[0]


def _at(day: dt.date, minute: int) -> Act:
    moment = dt.datetime.combine(day, dt.time(HOUR, minute % 60), SHANGHAI)
    return Act(None, moment, day, sample=True)


def _answer(act: Act, letter: Letter, text: str) -> None:
    content = f"示例佐证材料：{letter.title}".encode()
    proof = actions.FileGiven(content, "示例佐证材料.txt", EvidenceKind.OTHER)
    actions.answer(act, letter, text=text, files=[proof])


STEPS: dict[str, tuple[str, Callable[..., object]]] = {
    "to_sign": ("office", actions.send_to_sign),
    "sign": ("signer", actions.sign),
    "sign_only": ("signer", lambda act, letter: actions.sign(act, letter, deliver_now=False)),
    "read": ("owner", actions.read),
    "answer": ("owner", _answer),
    "accept": (
        "signer",
        lambda act, letter, words: actions.accept_answer(act, letter, opinion=words),
    ),
    "void": ("signer", lambda act, letter, why: actions.void(act, letter, reason=why)),
}
"""Who takes which step, and by what act."""
