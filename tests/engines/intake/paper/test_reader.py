"""The reader on sentences of the project's own making: kinds, attributes, exact places."""

import pytest

from guatu.engines.intake.paper import Item, Paper, read_paper

OPENING = "稳增长\n2025年是示例区攻坚之年。"


def read(text: str, plan_year: int | None = 2025) -> Paper:
    return read_paper(text.encode(), "示例.txt", plan_year)


def of(paper: Paper, kind: str) -> list[Item]:
    return [item for item in paper.items if item.kind == kind]


def test_read_when_firms_are_counted_then_quota_names_members_and_the_missing() -> None:
    paper = read("在商贸领域，服务好示昊、示泉商贸等6户骨干企业，稳住消费。")
    quota = of(paper, "quantity")[0]
    assert quota.text == "6户骨干企业"
    assert dict(quota.attrs) == {
        "value": 6,
        "unit": "户",
        "of": "骨干企业",
        "members": ["示昊", "示泉商贸"],
        "unnamed": 4,
    }


def test_read_when_three_groups_share_a_verb_then_each_is_a_quota_and_one_commitment() -> None:
    sentence = "加快建设示例康养基地等3个医疗机构,示溪小学等4所学校,示悦花园等8个住宅项目"
    paper = read(sentence + "。")
    assert [(q.text, q.attrs["unnamed"]) for q in of(paper, "quantity")] == [
        ("3个医疗机构", 2),
        ("4所学校", 3),
        ("8个住宅项目", 7),
    ]
    assert [c.text for c in of(paper, "commitment")] == [sentence]
    assert [(p.text, p.attrs["stage"]) for p in of(paper, "project")] == [
        ("示例康养基地", "在建"),
        ("示溪小学", "在建"),
        ("示悦花园", "在建"),
    ]


@pytest.mark.parametrize(
    ("sentence", "stage"),
    [
        ("力争示例医药产业园签约落地。", "洽谈"),
        ("争取示例大道东延尽快启动。", "储备"),
        ("积极谋划示例历史街区改造项目。", "储备"),
        ("抓紧示泉物流园等项目前期手续。", "前期"),
        ("推动示行农产品加工园等项目全部开工。", "待开工"),
        ("抓实示兴轴承产业园等产业项目施工。", "在建"),
        ("加快示洛轨道装备等重点项目竣工验收。", "竣工"),
        ("确保示例纬五路通车。", "竣工"),
        ("统筹推进示例第一中学等5所学校。", None),
        ("抓好示例煤矿等区域改造治理。", None),
        ("实施示例机车厂改造项目。", None),
    ],
)
def test_read_when_a_verb_governs_a_project_then_its_stage(
    sentence: str, stage: str | None
) -> None:
    project = of(read(sentence), "project")[0]
    assert project.attrs["stage"] == stage


def test_read_when_signing_is_hoped_for_then_never_signed() -> None:
    for hope in ("力争", "争取", "积极争取", "推动", "确保", "促成"):
        paper = read(f"{hope}示例智造产业园签约落位。")
        assert [p.attrs["stage"] for p in of(paper, "project")] == ["洽谈"]
    assert of(read("力争示例智造产业园签约落位。"), "commitment")[0].attrs["strength"] == "力争"


def test_read_when_commitment_then_verb_strength_due_domain_and_no_owner() -> None:
    paper = read("以超常规力度扩大有效投资\n确保示例大桥年底前通车。")
    duty = of(paper, "commitment")[0]
    assert (duty.text, dict(duty.attrs)) == (
        "确保示例大桥年底前通车",
        {
            "heading": "以超常规力度扩大有效投资",
            "domain": "investment",
            "verb": "确保",
            "strength": "确保",
            "due": "2025-12-31",
            "owner": None,
        },
    )


def test_read_when_nothing_is_said_of_time_or_unit_then_both_stay_unknown() -> None:
    duty = of(read("深化“高效办成一件事”改革。"), "commitment")[0]
    assert (duty.attrs["due"], duty.attrs["owner"]) == (None, None)


@pytest.mark.parametrize(
    ("sentence", "owner"),
    [
        ("由区住建局牵头，启动12个老旧小区改造。", "区住建局"),
        ("加快示例大桥建设。（责任单位：区交通局）", "区交通局"),
        ("加快示例大桥征拆扫尾，由区征收局负责。", "区征收局"),
        ("完善示例园区供电设施（区发改局牵头、各街道配合）。", "区发改局"),
    ],
)
def test_read_when_the_paper_charges_a_unit_then_it_is_the_owner(sentence: str, owner: str) -> None:
    assert {c.attrs["owner"] for c in of(read(sentence), "commitment")} == {owner}


@pytest.mark.parametrize(
    ("sentence", "what", "owner", "helpers", "due"),
    [
        (
            "由教育局牵头，示例第一中学项目4月底前完成工程招标。",
            "示例第一中学项目4月底前完成工程招标",
            "教育局",
            [],
            "2025-04-30",
        ),
        (
            "由住建局牵头，示例大街北延工程5月底前开工。",
            "示例大街北延工程5月底前开工",
            "住建局",
            [],
            "2025-05-31",
        ),
        (
            "会议决定，由发改局5月10日前完成示例智造产业园施工许可办理。",
            "5月10日前完成示例智造产业园施工许可办理",
            "发改局",
            [],
            "2025-05-10",
        ),
        (
            "责成商务局于5月15日前提出消费券投放方案。",
            "5月15日前提出消费券投放方案",
            "商务局",
            [],
            "2025-05-15",
        ),
        (
            "请住建局4月25日前将工程进度计划报区政府。",
            "4月25日前将工程进度计划报区政府",
            "住建局",
            [],
            "2025-04-25",
        ),
        (
            "会议要求，规自分局会同英俊镇于5月10日前完成剩余3户征收。",
            "5月10日前完成剩余3户征收",
            "规自分局",
            ["英俊镇"],
            "2025-05-10",
        ),
        (
            "卫健局、政数局5月1日前重新组织招标。",
            "5月1日前重新组织招标",
            "卫健局",
            ["政数局"],
            "2025-05-01",
        ),
        ("请财政局尽快拨付资金。", "尽快拨付资金", "财政局", [], None),
        (
            "明确由财政局负责落实设备采购资金，4月30日前到位。",
            "落实设备采购资金，4月30日前到位",
            "财政局",
            [],
            "2025-04-30",
        ),
        (
            "会议议定，示例路项目由住建局牵头，规自分局、和平街道配合，5月20日前完成征拆。",
            "示例路项目由住建局牵头，规自分局、和平街道配合，5月20日前完成征拆",
            "住建局",
            ["规自分局", "和平街道"],
            "2025-05-20",
        ),
        (
            "加快示例大桥建设。（责任单位：区交通局、区住建局；配合单位：示例街道）",
            "加快示例大桥建设",
            "区交通局",
            ["区住建局", "示例街道"],
            None,
        ),
        (
            "请各相关部门5月10日前将落实情况报专班。",
            "5月10日前将落实情况报专班",
            None,
            [],
            "2025-05-10",
        ),
    ],
)
def test_read_when_minutes_lay_a_task_on_units_then_it_is_one_duty_with_owner_helpers_and_day(
    sentence: str, what: str, owner: str | None, helpers: list[str], due: str | None
) -> None:
    paper = read(f"示例区调度会会议纪要\n1.{sentence}\n")
    told = [
        (d.text, d.attrs["owner"], d.attrs.get("co_owners", []), d.attrs["due"])
        for d in of(paper, "commitment")
    ]
    assert told == [(what, owner, helpers, due)]
    names = [i.text for i in paper.items if i.kind in {"project", "enterprise"}]
    assert not [name for name in names if "局" in name or name.startswith(("英俊镇", "请", "责成"))]


@pytest.mark.parametrize(
    "sentence",
    [
        "会议指出，由市教育局主办的活动取得成效。",
        "由示例大街以北的地块开发项目进展顺利。",
        "会议听取了教育局关于示例项目的汇报。",
        "区委常委、常务副区长主持召开项目攻坚调度会。",
        "示例项目由示例集团投资建设，总投资5亿元。",
    ],
)
def test_read_when_a_sentence_lays_no_task_then_nothing_is_promised(sentence: str) -> None:
    paper = read(f"示例区调度会会议纪要\n{sentence}\n")
    assert of(paper, "commitment") == []
    assert not [i.text for i in of(paper, "project") if "主持" in i.text]


def test_read_when_a_numbered_line_without_a_full_stop_tells_a_task_then_it_is_no_heading() -> None:
    paper = read("示例区会议纪要\n一、由教育局牵头，示例第一中学项目4月底前完成工程招标\n")
    assert [d.attrs["owner"] for d in of(paper, "commitment")] == ["教育局"]


def test_read_when_editors_are_named_below_then_they_are_nothing() -> None:
    paper = read("推动示例产业园建设。\n初审：示泽宇 复审：示国宁 终审：示星")
    assert max(item.end for item in paper.items) <= len("推动示例产业园建设。")


def test_read_when_text_contradicts_its_heading_then_content_counts_and_the_clash_is_told() -> None:
    heading = "以超常规举措稳定经济增长"
    body = "全力抓好招商引资。打好基金招商、以商招商组合拳，争取更多项目签约落位。推动产业链补链。"
    paper = read(f"{heading}\n{body}")
    clash = paper.clashes[0]
    assert (clash.heading, clash.heading_domain, clash.content_domain) == (
        heading,
        "steady_growth",
        "attraction",
    )
    assert paper.text[clash.start : clash.end] == heading
    assert {c.attrs["domain"] for c in of(paper, "commitment")} == {"attraction"}
    assert all(word in body for word in clash.evidence)


def test_read_when_heading_and_text_agree_then_no_clash() -> None:
    assert read("抓好招商引资\n打好以商招商组合拳，推动产业链补链，开展招商推介。").clashes == ()


def test_read_when_bytes_are_gb18030_then_offsets_count_characters() -> None:
    paper = read_paper("推动𠀀示例产业园建设。".encode("gb18030"), "示例.txt")
    assert paper.encoding == "gb18030"
    assert all(paper.text[i.start : i.end] == i.text for i in paper.items)


def test_read_when_a_name_holds_direction_marks_then_it_is_flagged_not_changed() -> None:
    paper = read("推动示例\u202e产业园建设。")
    flagged = [item for item in paper.items if "warning" in item.attrs]
    assert flagged
    assert all("\u202e" in item.text for item in flagged)


def test_as_json_when_read_then_the_documented_keys() -> None:
    answer = read(OPENING).as_json()
    assert list(answer) == [
        "sha256",
        "encoding",
        "length",
        "plan_year",
        "items",
        "clashes",
    ]
    assert answer["length"] == len(OPENING)


def test_read_when_people_are_listed_then_none_becomes_a_firm_or_project() -> None:
    paper = read("区领导王示川、李示岳、赵示澜参加调研。")
    assert [i for i in paper.items if i.kind in {"project", "enterprise"}] == []


def test_read_when_a_list_has_one_verb_then_every_member_has_its_stage_and_action() -> None:
    paper = read("一季度开工示河综合治理、示例职教中心迁建等26个项目。")
    assert [(p.text, p.attrs["action"], p.attrs["stage"]) for p in of(paper, "project")] == [
        ("示河综合治理", "开工", "待开工"),
        ("示例职教中心迁建", "开工", "待开工"),
    ]


def test_read_when_a_clause_opens_with_its_deadline_then_it_is_a_commitment() -> None:
    duty = of(read("6月底前完成示平高速连接线征地拆迁。"), "commitment")[0]
    assert (duty.text, duty.attrs["verb"], duty.attrs["due"]) == (
        "6月底前完成示平高速连接线征地拆迁",
        "完成",
        "2025-06-30",
    )


def test_read_when_numbered_lines_have_no_full_stop_then_they_are_commitments() -> None:
    paper = read("一、抓项目\n1.加快推进示例大桥建设\n2.启动示例供热管网改造项目\n")
    assert [(c.text, c.attrs["heading"]) for c in of(paper, "commitment")] == [
        ("加快推进示例大桥建设", "一、抓项目"),
        ("启动示例供热管网改造项目", "一、抓项目"),
    ]


def test_read_when_lines_are_cells_of_a_table_then_their_names_are_read() -> None:
    cells = ["序号", "项目名称", "进度", "1", "示例江湾冷链物流园", "在建", "2", "示例第三净水厂"]
    paper = read("\n".join(cells))
    assert [p.text for p in of(paper, "project")] == ["示例江湾冷链物流园", "示例第三净水厂"]


@pytest.mark.parametrize(
    ("sentence", "firm"),
    [
        ("服务好示例云网、示通物业等6户重点企业。", "示例云网"),
        ("盯住示例轴承、示恒铸造等5户重点企业。", "示例轴承"),
    ],
)
def test_read_when_a_verb_has_its_complement_then_the_name_does_not_open_with_it(
    sentence: str, firm: str
) -> None:
    paper = read(sentence)
    assert of(paper, "enterprise")[0].text == firm
    assert of(paper, "quantity")[0].attrs["members"][0] == firm


def test_read_when_a_phase_follows_then_it_belongs_to_the_name() -> None:
    paper = read("加快示例智造产业园二期、示例滨河大道三标段建设。")
    assert [p.text for p in of(paper, "project")] == ["示例智造产业园二期", "示例滨河大道三标段"]


@pytest.mark.parametrize(
    "sentence",
    ["把任务分解、责任落实等一项责任抓到底。", "每一批项目都有专班。", "我讲三点意见。"],
)
def test_read_when_one_or_each_is_said_then_no_quota(sentence: str) -> None:
    assert [q for q in of(read(sentence), "quantity") if "members" in q.attrs] == []


@pytest.mark.parametrize(
    ("sentence", "spans"),
    [
        ("去年以来，全区完成投资20亿元，推动示例大桥建成通车。", []),
        ("3月5日，区长示某查看了示例大桥现场，听取了情况介绍。", []),
        ("逐户建立运行台账。", ["逐户建立运行台账"]),
        ("每个项目都要排出节点计划。", ["要排出节点计划"]),
        ("全年入库项目不少于120个。", ["全年入库项目不少于120个"]),
        ("围绕城市更新再谋划一批项目。", ["围绕城市更新再谋划一批项目"]),
    ],
)
def test_read_when_a_sentence_looks_back_or_ahead_then_only_the_latter_undertakes(
    sentence: str, spans: list[str]
) -> None:
    assert [c.text for c in of(read(sentence), "commitment")] == spans


def test_read_when_lines_have_bullets_then_they_are_duties_not_headings() -> None:
    paper = read(
        "一、企业服务组\n● 走访示例乳业、示例包装，建立诉求办理台账\n● 帮助示例乳业对接授信\n"
    )
    assert [c.text for c in of(paper, "commitment")] == [
        "走访示例乳业、示例包装",
        "建立诉求办理台账",
        "帮助示例乳业对接授信",
    ]


def test_read_when_idle_buildings_are_counted_then_they_are_no_project() -> None:
    assert of(read("5月底前完成闲置厂房、楼宇底数清查。"), "project") == []


def test_read_when_a_paragraph_looks_back_then_it_undertakes_only_from_its_turn_on() -> None:
    paper = read(
        "一年来，我们着力稳增长，出台惠企政策20条；着力优环境，推行示例改革。"
        "下一步，将推进示例产业园扩建。"
    )
    assert [c.text for c in of(paper, "commitment")] == ["将推进示例产业园扩建"]


@pytest.mark.parametrize(
    ("sentence", "verb"),
    [
        ("对重点项目实行包保。", "实行"),
        ("把示例区打造成投资的热土。", "打造成"),
        ("要把责任落实到每一个单位。", "落实"),
        ("再引进一批高成长性企业。", "引进"),
        ("通过完善专班机制。", "完善"),
        ("要全方位引资、引才、引技。", "引资"),
        ("要全力以赴上项目。", "上项"),
    ],
)
def test_commitment_when_it_opens_with_a_preposition_or_adverb_then_verb_is_what_is_done(
    sentence: str, verb: str
) -> None:
    found = read_paper(f"会议要求，全面抓好落实。\n{sentence}\n".encode(), "讲话.txt", 2025)
    verbs = [item.attrs["verb"] for item in found.items if item.kind == "commitment"]
    assert verb in verbs


def test_sprint_when_called_for_twice_then_one_target() -> None:
    text = "全力冲刺“开门红”。\n各单位要再加力，全力冲刺“开门红”。\n"
    found = read_paper(text.encode(), "讲话.txt", 2025)
    assert [item.start for item in found.items if item.kind == "target"] == [5]


def test_places_when_a_saying_opens_with_a_citys_name_then_no_place() -> None:
    text = "按部就班、四平八稳肯定不行。\n在四平、辽源推进园区建设。\n"
    found = read_paper(text.encode(), "讲话.txt", 2025)
    assert [item.start for item in found.items if item.text == "四平"] == [text.index("四平、")]
