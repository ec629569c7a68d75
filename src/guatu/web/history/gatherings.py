"""Names of tables and columns of meetings, visits and reforms."""

MODELS = {
    "loop.DispatchMeeting": "调度会",
    "loop.Attendant": "参会",
    "loop.AgendaItem": "议题",
    "loop.Decision": "议定事项",
    "loop.Visit": "督帮走访",
    "loop.Companion": "同行",
    "loop.Finding": "督帮发现",
    "loop.FindingEvidence": "督帮照片",
    "loop.Outcome": "督帮结果",
    "loop.Reform": "改革任务",
}

COLUMNS = {
    "about_id": "对象",
    "ask": "请会议决定",
    "cancelled_reason": "取消理由",
    "chair_post_id": "主持岗位",
    "cleared": "已解除",
    "dropped": "移出议程",
    "dropped_reason": "移出理由",
    "figures": "会议数字",
    "final_on": "定稿日期",
    "finding_id": "督帮发现",
    "item_id": "议题",
    "meeting_id": "会议",
    "minutes_id": "会议纪要",
    "moved": "人工调整",
    "result": "预期成果",
    "taken": "议定项数",
    "tier": "层次",
    "time": "时间",
    "verdict": "结论",
    "visit_id": "督帮",
    "where": "地点",
    "withdrawn": "已撤回",
}

# Columns whose name depends on the table.
SPECIAL = {
    # How an item is kept in its place; what it says is told.
    ("loop.AgendaItem", "thing"): "",
    ("loop.AgendaItem", "score"): "",
    ("loop.AgendaItem", "place"): "次序",
    ("loop.AgendaItem", "unit_id"): "所属单位",
    ("loop.AgendaItem", "reason"): "情况",
    # Counted anew with every act; the page shows them.
    ("loop.DispatchMeeting", "figures"): "",
    ("loop.DispatchMeeting", "unit_id"): "只看单位",
    ("loop.DispatchMeeting", "made_on"): "编排日期",
    ("loop.Attendant", "unit_id"): "参会单位",
    ("loop.Attendant", "post_id"): "参会岗位",
    ("loop.Companion", "unit_id"): "同行单位",
    ("loop.Companion", "post_id"): "同行岗位",
    ("loop.Reform", "content"): "改革内容",
    ("loop.Reform", "progress"): "进展",
    ("loop.Visit", "leader_post_id"): "领导或专员",
    ("loop.Visit", "withdrawn_reason"): "撤回理由",
}
