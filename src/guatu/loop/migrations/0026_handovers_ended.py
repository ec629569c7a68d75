"""Hand-overs may end by themselves and list drafts, meetings and projects of the reserve."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("loop", "0025_duties_submitted"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="handover",
            name="one_open_handover_a_post",
        ),
        migrations.AddField(
            model_name="handover",
            name="ended_why",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="handoverversion",
            name="ended_why",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AlterField(
            model_name="handover",
            name="state",
            field=models.CharField(
                choices=[
                    ("drawn", "待移交"),
                    ("handed", "待接收"),
                    ("queried", "有疑问"),
                    ("done", "已交接"),
                    ("ended", "已终止"),
                ],
                default="drawn",
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="handoveritem",
            name="kind",
            field=models.CharField(
                choices=[
                    ("promise", "承诺事项"),
                    ("duty", "责任事项"),
                    ("led", "包保事项"),
                    ("helped", "配合事项"),
                    ("extension", "待批延期申请"),
                    ("escalation", "逐级提醒中"),
                    ("raised", "上报的堵点"),
                    ("waiting", "待解决的堵点"),
                    ("draft", "草拟的函件"),
                    ("sign", "待签发函件"),
                    ("answer", "待回复函件"),
                    ("judge", "待核回复函件"),
                    ("node", "计划节点"),
                    ("meeting", "主持的会议"),
                    ("reserve", "申报的储备项目"),
                    ("lead", "招商线索"),
                    ("step", "招商下一步"),
                    ("named", "联系对象"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="handoveritemversion",
            name="kind",
            field=models.CharField(
                choices=[
                    ("promise", "承诺事项"),
                    ("duty", "责任事项"),
                    ("led", "包保事项"),
                    ("helped", "配合事项"),
                    ("extension", "待批延期申请"),
                    ("escalation", "逐级提醒中"),
                    ("raised", "上报的堵点"),
                    ("waiting", "待解决的堵点"),
                    ("draft", "草拟的函件"),
                    ("sign", "待签发函件"),
                    ("answer", "待回复函件"),
                    ("judge", "待核回复函件"),
                    ("node", "计划节点"),
                    ("meeting", "主持的会议"),
                    ("reserve", "申报的储备项目"),
                    ("lead", "招商线索"),
                    ("step", "招商下一步"),
                    ("named", "联系对象"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="handoverversion",
            name="state",
            field=models.CharField(
                choices=[
                    ("drawn", "待移交"),
                    ("handed", "待接收"),
                    ("queried", "有疑问"),
                    ("done", "已交接"),
                    ("ended", "已终止"),
                ],
                default="drawn",
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("done", "ended")), _negated=True),
                fields=("post",),
                name="one_open_handover_a_post",
            ),
        ),
    ]
