"""A duty keeps the campaign day on which it was last put up for review; older ones learn it."""

from django.db import migrations, models


def tell(apps, schema_editor):
    """Take the day from the events that put duties up, for their past states too."""
    events = apps.get_model("register", "Event")
    duties = apps.get_model("loop", "Duty")
    versions = apps.get_model("loop", "DutyVersion")
    put_up = events.objects.filter(model="loop.Duty", verb="duty.submit", effect="changed")
    for row, day, at in put_up.order_by("pk").values_list("row", "business_date", "at"):
        duties.objects.filter(pk=row).update(submitted_on=day)
        versions.objects.filter(row_id=row, known_from__gte=at).update(submitted_on=day)


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
        migrations.RunPython(tell, migrations.RunPython.noop),
    ]
