"""Hand-overs may end by themselves: who left came back, or the post went out of use."""

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
