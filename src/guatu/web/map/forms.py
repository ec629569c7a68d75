"""Forms of the map; what they mean is checked by the actions."""

from django import forms

from guatu.campaign.map import NUMBER_LENGTH
from guatu.engines.outline import CHINA, LARGEST
from guatu.web.duties.forms import SECRET
from guatu.web.fields import AskedTwice, DegreesField

(WEST, EAST), (SOUTH, NORTH) = CHINA


class OutlineForm(AskedTwice):
    """The district's own outline and the number it was approved under."""

    file = forms.FileField(
        label="GeoJSON 文件",
        help_text=f"只取面状图形和名称，经纬度坐标，最大 {LARGEST // 1024 // 1024} 兆。{SECRET}",
    )
    review_number = forms.CharField(
        label="审图号", max_length=NUMBER_LENGTH, help_text="如 吉S(2025)001号，会显示在图上。"
    )
    knowing = forms.BooleanField(label="轮廓无误，仍要启用", required=False)


class PlaceForm(AskedTwice):
    """Where a project is."""

    longitude = DegreesField(
        label="经度",
        min_value=int(WEST),
        max_value=int(EAST),
        help_text="WGS 84 或 CGCS2000，如 125.374217；也可以在图上点选。",
    )
    latitude = DegreesField(label="纬度", min_value=int(SOUTH), max_value=int(NORTH))
    knowing = forms.BooleanField(label="位置无误，仍按此定位", required=False)
