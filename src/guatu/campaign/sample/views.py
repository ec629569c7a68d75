"""Views of lists that the sample's office shares with the district."""

from guatu.campaign.sample.people import District
from guatu.register.recording import Act
from guatu.register.views import save_view

SHARED = (
    ("duties", "逾期事项（示例）", "lamp=red"),
    ("projects", "亮灯项目（示例）", "lamp=red&lamp=amber"),
)


def share_views(district: District, act: Act) -> None:
    """Save them as the office."""
    act = district.act_as(act, "office1")
    for page, name, query in SHARED:
        save_view(act, page=page, name=name, query=query, audience=district.root)
