"""Names of what the reserve records, for histories."""

MODELS = {
    "investment.Admission": "入库记录",
    "investment.AdmissionOpinion": "审核意见",
}

COLUMNS = {
    "next_plan_wan": "下年度计划投资（万元）",
    "operation_mode": "运营模式",
    "plan_year": "计划投资年度",
    "reserved_on": "入库日期",
    "round": "报送次数",
    "submitted_post_id": "报送岗位",
}

SPECIAL = {
    # The event itself tells its day, its reason and who acted.
    ("investment.Admission", "since"): "",
    ("investment.Admission", "resume_state"): "",
    ("investment.Admission", "origin"): "项目来源",
    ("investment.Admission", "reason"): "",
    ("investment.Admission", "submitted_on"): "",
    ("investment.Admission", "submitted_by_id"): "",
    ("investment.AdmissionOpinion", "step"): "环节",
    ("investment.AdmissionOpinion", "words"): "意见",
    ("investment.AdmissionOpinion", "project_revision"): "",
    ("investment.AdmissionOpinion", "on"): "",
}
