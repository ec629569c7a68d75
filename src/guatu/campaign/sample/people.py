"""The sample's district: organisations, posts, and log-ins by post alone."""

import datetime as dt
import json
import os
import secrets
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from guatu.register.campaign import set_up_campaign
from guatu.register.enums import OrganisationKind, Role
from guatu.register.models import Campaign, Officer, Organisation, Post
from guatu.register.organisations import add_organisation
from guatu.register.policies import Standing, standing_of
from guatu.register.posts import add_post, hold_post
from guatu.register.recording import Act, mark_sample

LOGINS = "sample-logins.txt"
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class District:
    """What the rest of the sample stands on, by the codes of the data file."""

    campaign: Campaign
    root: Organisation
    units: dict[str, Organisation]
    posts: dict[str, Post]
    officers: dict[str, Officer]

    def act_as(self, act: Act, post: str) -> Act:
        """Return ``act`` done by the holder of ``post``, who stands as on the day of the act."""
        return Act(
            self.standing(post, act), act.at, act.business_date, act.reason, act.sample, act.batch
        )

    def standing(self, post: str, act: Act) -> Standing:
        """Standing of the holder of ``post`` on the day of ``act``."""
        return standing_of(self.officers[post], act.business_date)


def settle(act: Act, year: int, business_date: dt.date) -> District:
    """Create the campaign, its organisations, posts and officers, and write the log-ins."""
    told: dict[str, Any] = json.loads(read_data("organisations.json"))
    named = told["district"]
    root = add_organisation(act, kind=OrganisationKind.DISTRICT, **named)
    units = {
        row["code"]: add_organisation(
            act,
            name=row["name"],
            short_name=row.get("short_name", ""),
            kind=OrganisationKind(row["kind"]),
            rank=row["rank"],
            code=row["code"],
            parent=root,
        )
        for row in told["units"]
    }
    posts, officers = _staff(act, told["posts"], units)
    return District(_campaign(act, root, year, business_date), root, units, posts, officers)


def _campaign(act: Act, root: Organisation, year: int, day: dt.date) -> Campaign:
    return set_up_campaign(act, root, name=f"{year}年项目攻坚年", year=year, pinned_date=day)


def _staff(
    act: Act, rows: list[dict[str, Any]], units: dict[str, Organisation]
) -> tuple[dict[str, Post], dict[str, Officer]]:
    posts: dict[str, Post] = {}
    officers: dict[str, Officer] = {}
    lines: list[str] = []
    for row in rows:
        unit = units[row["unit"]]
        post = add_post(act, unit, title=row["title"], role=Role(row["role"]), rank=row["rank"])
        posts[row["code"]] = post
        officer, password = _account(row["username"], f"示例·{unit}{row['title']}")
        hold_post(act, post, officer, since=act.business_date.replace(month=1, day=1))
        officers[row["code"]] = officer
        lines.append(f"{row['username']}\t{password}\t{unit}{row['title']}")
    write_logins(lines)
    return posts, officers


def _account(username: str, name: str) -> tuple[Officer, str]:
    """Open an account of the sample; returns it with its password."""
    password = "".join(secrets.choice(ALPHABET) for _ in range(12))
    officer = Officer.objects.create_user(username, name, password)
    officer.password_changed_at = timezone.now()
    officer.save(update_fields=["password_changed_at"])
    mark_sample([officer])
    return officer, password


def add_holder(post: Post, username: str, name: str, said: str = "接任") -> Officer:
    """Open an account for somebody who is to take ``post``; its log-in joins the others."""
    officer, password = _account(username, name)
    path = Path(settings.GUATU_HOME) / LOGINS
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{username}\t{password}\t{post}（{said}）\n")
    return officer


def write_logins(lines: list[str]) -> Path:
    """Write user name, password and post, one a line, for the owner of the folder alone."""
    path = Path(settings.GUATU_HOME) / LOGINS
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("示例登录账号（仅限本机；用户名、密码、岗位）\n")
        file.write("\n".join(lines) + "\n")
    return path


def read_data(name: str) -> str:
    """Text of one of the sample's data files."""
    return resources.files("guatu.campaign.sample").joinpath("data", name).read_text("utf-8")
