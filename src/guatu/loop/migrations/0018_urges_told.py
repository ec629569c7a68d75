from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("loop", "0017_duties_of_plans"),
    ]

    operations = [
        migrations.AlterField(
            model_name="escalationstep",
            name="kind",
            field=models.CharField(
                choices=[
                    ("remind", "提醒"),
                    ("copy", "抄送"),
                    ("letter", "建议发函"),
                    ("answer", "答复"),
                    ("urge", "催办"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("remind", "提醒"),
                    ("copy", "抄送"),
                    ("letter", "建议发函"),
                    ("answer", "答复"),
                    ("urge", "催办"),
                ],
                max_length=12,
            ),
        ),
    ]
