"""Guides in Markdown: what becomes of each mark, and that text stays text."""

from hypothesis import given
from hypothesis import strategies as st

from guatu.engines.guide import found, read_guide

TEXT = """# 手册

先看[倒排工期](plan.md)。

## 一、登录

1. 输入**登录名**，
   再点`登录`。
2. 见[第二节](#二找)、[外面](https://example.org)。

* 甲

| 列 | 意思 |
|---|---|
| 灯 | 按`规则`算 |

### 细节

```
make run <x>
```

## 二、找

按 / 查找<script>alert(1)</script>。
"""


def test_guide_when_read_then_sections_as_html_with_links_within_only() -> None:
    guide = read_guide(TEXT, "/help/")
    assert guide.title == "手册"
    assert guide.intro == '<p>先看<a href="/help/plan/">倒排工期</a>。</p>'
    first, second = guide.sections
    assert (first.title, first.anchor) == ("一、登录", "一登录")
    assert first.body == (
        "<ol><li>输入<strong>登录名</strong>，再点<code>登录</code>。</li>"
        '<li>见<a href="#二找">第二节</a>、外面。</li></ol>'
        "<ul><li>甲</li></ul>"
        '<table><thead><tr><th scope="col">列</th><th scope="col">意思</th></tr></thead>'
        "<tbody><tr><td>灯</td><td>按<code>规则</code>算</td></tr></tbody></table>"
        "<h3>细节</h3><pre>make run &lt;x&gt;</pre>"
    )
    assert "<script>" not in second.body


def test_guide_when_searched_then_each_word_stands_in_the_section_titles_first() -> None:
    guide = read_guide(TEXT, "/help/")
    assert [one.title for one in found(guide, ["登录", "规则"])] == ["一、登录"]
    assert [one.title for one in found(guide, ["找"])] == ["二、找"]
    assert found(guide, ["没有"]) == []


@given(st.text(alphabet="#*`|[]()<>&\"'-.1 \n\0a看", max_size=80))
def test_guide_when_anything_then_only_our_own_tags(text: str) -> None:
    guide = read_guide(f"## 节\n{text}", "/help/")
    told = "".join([guide.intro, *(section.body for section in guide.sections)])
    assert "<a " not in told or 'href="/help/' in told or 'href="#' in told
    assert not {"<script", "<img", "onerror="} & {told.lower()}
