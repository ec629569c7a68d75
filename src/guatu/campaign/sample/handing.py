"""One post of the sample changes hands, and one is away with a deputy: to show how it is done."""

import datetime as dt

from guatu.campaign.sample.people import District, add_holder
from guatu.loop.actions.handing_over import hand_over
from guatu.loop.models import Handover
from guatu.register.absences import add_absence
from guatu.register.models import Holding
from guatu.register.posts import hold_post, release_post
from guatu.register.recording import Act

CHANGING, SUCCESSOR = "industry1", "gongxin2"
AWAY, DEPUTY = "health1", "civil1"
DAYS_AWAY = 4


def hand_on(district: District, act: Act) -> None:
    """Let a clerk leave today and hand over to a successor, who has still to accept."""
    day = act.business_date
    security = district.act_as(act, "secadmin")
    post = district.posts[CHANGING]
    leaving = Holding.objects.select_related("officer", "post__organisation").get(post=post)
    release_post(security, leaving, until=day, reason="轮岗（示例）")
    successor = add_holder(post, SUCCESSOR, f"示例·{post}接任")
    hold_post(security, post, successor, since=day)
    _away(district, act, day)
    drawn = Handover.objects.select_related("post__organisation").filter(post=post).first()
    if drawn is None:
        return
    first = drawn.items.order_by("pk").first()
    remarks = {first.pk: "已与相关单位对接，材料在交接柜（示例）"} if first else {}
    mine = district.act_as(act, CHANGING)
    hand_over(mine, drawn, remarks=remarks, note="在办事项均已逐项说明（示例）")


def _away(district: District, act: Act, day: dt.date) -> None:
    """Let another clerk be away this week, with a deputy from another unit."""
    add_absence(
        district.act_as(act, AWAY),
        district.posts[AWAY],
        since=day,
        until=day + dt.timedelta(days=DAYS_AWAY - 1),
        deputy_post=district.posts[DEPUTY],
        note="外出培训（示例）",
    )
