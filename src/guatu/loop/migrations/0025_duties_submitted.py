"""A duty keeps the campaign day on which it was last put up for review; not known of older ones."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("loop", "0024_days_by_holder"),
    ]

    operations = [
        migrations.AddField(
            model_name="duty",
            name="submitted_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="dutyversion",
            name="submitted_on",
            field=models.DateField(null=True),
        ),
    ]
