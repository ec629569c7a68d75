"""Names of tables and columns of firms' figures, consents, specialists, marks and plans."""

MODELS = {
    "growth.Consent": "数据使用同意",
    "growth.ConsentEvidence": "同意文件",
    "growth.Provision": "数据依据",
    "growth.Service": "服务专员",
    "growth.Mark": "企业标记",
    "growth.AccountPlan": "一企一策",
    "growth.Measure": "一企一策措施",
}

COLUMNS = {
    "aims": "目标",
    "consent_id": "数据使用同意",
    "ended_on": "取消日期",
    "given_by": "由谁同意",
    "goal": "培育目标",
    "mark": "标记",
    "observation_id": "指标数",
    "plan_id": "一企一策",
    "provider": "由谁提供",
    "purpose": "用途",
    "withdrawn_by": "由谁撤回",
    "withdrawn_on": "撤回日期",
}

# Columns whose name depends on the table.
SPECIAL = {
    ("growth.Consent", "basis"): "依据",
    ("growth.Consent", "document"): "文件名称或条款",
    # Codes; the page of the firm names them.
    ("growth.Consent", "purposes"): "",
    ("growth.Consent", "words"): "同意内容",
    ("growth.Consent", "on"): "同意日期",
    ("growth.Provision", "organisation_id"): "提供部门",
    ("growth.Service", "post_id"): "服务专员",
    ("growth.Service", "reason"): "调整理由",
    ("growth.Mark", "source"): "依据",
    ("growth.Mark", "reason"): "取消理由",
}
