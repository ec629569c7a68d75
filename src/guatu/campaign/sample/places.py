"""Where the invented projects of the sample lie, and what one of its clerks suggests."""

from decimal import Decimal

from guatu.campaign.map import locate
from guatu.campaign.sample.people import District
from guatu.campaign.suggestions import suggest
from guatu.investment.models import Project
from guatu.register.recording import Act

POINTS = (
    ("125.606", "43.920"),
    ("125.759", "43.886"),
    ("125.655", "43.923"),
    ("125.675", "43.948"),
    ("125.501", "44.018"),
    ("125.567", "43.891"),
    ("125.729", "44.068"),
    ("125.698", "43.886"),
    ("125.715", "44.012"),
    ("125.682", "44.022"),
    ("125.627", "43.961"),
    ("125.577", "44.053"),
    ("125.535", "44.055"),
    ("125.414", "43.868"),
    ("125.741", "44.142"),
    ("125.632", "43.875"),
    ("125.597", "44.032"),
    ("125.538", "43.935"),
)
"""Invented: spread over the district, on no real site."""
SUGGESTED = "项目列表能不能默认按责任单位分组？（示例）"


def place_projects(district: District, act: Act) -> None:
    """Locate some of the invented projects; the others stand in the list of the unlocated."""
    act = district.act_as(act, "office1")
    rows = Project.objects.filter(subject__is_sample=True).select_related("subject__unit")
    for row, (longitude, latitude) in zip(rows.order_by("pk"), POINTS, strict=False):
        locate(act, row.subject, longitude=Decimal(longitude), latitude=Decimal(latitude))


def make_suggestion(district: District, act: Act) -> None:
    """Let a clerk suggest something; the office has not answered yet."""
    suggest(district.act_as(act, "housing1"), text=SUGGESTED, page="/projects/")
