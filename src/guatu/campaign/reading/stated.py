"""Which stage words put a project in, and which only promise it.

A promise is no deed: 确保…通车 leaves the stage unknown however strong the promise is. 谋划, 洽谈
and 手续办理 name work under way before ground is broken, so they count however they are urged on;
from 开工 on only a report of it counts.
"""

_UNDERTAKEN = (
    "确保", "保证", "务必", "力争", "争取", "力促", "推动", "推进", "促进", "统筹", "抓好", "抓实",
    "抓紧", "加快", "实施", "谋划", "计划", "打造",
)  # fmt: skip
"""Words that undertake what stands behind them."""

_DEMANDED = ("确保", "保证", "务必", "力争", "争取", "力促", "推动", "统筹推进", "抓好", "抓实")
"""Words that open a demand even in a ledger's column of stages."""

_READ = {
    "储备": "landing",
    "洽谈": "landing",
    "签约": "landing",
    "前期": "approval",
    "待开工": "approval",
    "在建": "construction",
}
"""What the reader calls a stage → the province's stage it lies in. 竣工 and 投产 are left out: they
are recorded when their gates hold."""

_STATING = {
    "landing": (
        "谋划", "储备", "策划", "论证", "洽谈", "对接", "招引", "签约", "落位", "落地", "落户",
    ),
    "approval": (
        "手续", "前期", "可研", "环评", "征地", "征拆", "招标", "报批", "审批", "待开工",
        "具备开工条件",
    ),
    "construction": (
        "已开工", "已开复工", "正式开工", "破土动工", "复工", "架梁", "合龙", "续建", "在建",
        "主体施工", "封顶",
    ),
}  # fmt: skip
"""Words of which a paper must use one for a project to stand in the stage."""

_FROM_BREAKING_GROUND = frozenset({"construction", "completion", "operation"})


def stage_stated(read: str, action: str, strength: str = "") -> str:
    """Code of the stage a paper states for a project; empty when it only promises or hints.

    ``read`` is the reader's stage, ``action`` the paper's words, ``strength`` that of the promise
    around them.

    >>> stage_stated("前期", "加快…手续办理"), stage_stated("在建", "已开工")
    ('approval', 'construction')
    >>> stage_stated("在建", "抓好…建设"), stage_stated("在建", "确保…复工", "ensure")
    ('', '')
    """
    code = _READ.get(read, "")
    promised = bool(strength) or any(word in action for word in _UNDERTAKEN)
    if code in _FROM_BREAKING_GROUND and promised:
        return ""
    return code if any(word in action for word in _STATING.get(code, ())) else ""


def only_promised(code: str, said: str) -> bool:
    """Whether a ledger's words of a stage demand it instead of reporting it.

    >>> only_promised("operation", "确保通车"), only_promised("operation", "已通车")
    (True, False)
    >>> only_promised("landing", "力争签约落位")
    False
    """
    return code in _FROM_BREAKING_GROUND and said.startswith(_DEMANDED)
