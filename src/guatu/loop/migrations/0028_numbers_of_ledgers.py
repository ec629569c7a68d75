"""A duty keeps the number that the ledger it stands in calls it by."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("loop", "0027_steps_taken_back"),
    ]

    operations = [
        migrations.AddField(
            model_name="duty",
            name="outside_number",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="dutyversion",
            name="outside_number",
            field=models.CharField(blank=True, max_length=60),
        ),
    ]
