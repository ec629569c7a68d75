"""Days of a blocker by who had it follow from its states; no part of them is kept apart."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("loop", "0023_duties_given"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="blocker", name="blocker_cause_days_within"),
        migrations.RemoveField(model_name="blocker", name="cause_days"),
        migrations.RemoveField(model_name="blockerversion", name="cause_days"),
    ]
