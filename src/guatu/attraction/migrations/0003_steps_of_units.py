from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attraction", "0002_step_reminders"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="followup",
            name="next_step_has_day_and_post",
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("next_due", None), ("next_post", None), ("next_step", "")),
                    models.Q(
                        models.Q(("next_step", ""), _negated=True),
                        ("next_due__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="next_step_has_day",
            ),
        ),
    ]
