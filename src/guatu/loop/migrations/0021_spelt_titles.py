"""Duties, blockers and letters are found by the pinyin initials of their titles, as subjects are.

What stands there gets them: the rows of today and every past state by its own title. No event
tells of it, for nothing was changed that anybody said; whoever replays the log cannot judge a
column that is younger than the event that made the row.
"""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from guatu.register.bulk import update_rows
from guatu.register.initials import initials_of

SPELT = ("Duty", "DutyVersion", "Blocker", "BlockerVersion", "Letter", "LetterVersion")
CHUNK = 2_000


def spell(apps: StateApps, _schema: BaseDatabaseSchemaEditor) -> None:
    """Write the initials of every title, each title spelt once."""
    known: dict[str, str] = {}
    for name in SPELT:
        model = apps.get_model("loop", name)
        last = 0
        while rows := list(
            model._default_manager.filter(pk__gt=last)
            .order_by("pk")
            .values_list("pk", "title")[:CHUNK]
        ):
            for _, title in rows:
                if title not in known:
                    known[title] = initials_of(title)
            update_rows(model, ["initials"], ((pk, [known[title]]) for pk, title in rows))
            last = rows[-1][0]


class Migration(migrations.Migration):
    dependencies = [("loop", "0020_urges_of_letters")]

    operations = [
        *(
            migrations.AddField(
                model_name=name.lower(),
                name="initials",
                field=models.CharField(blank=True, max_length=300),
            )
            for name in SPELT
        ),
        migrations.RunPython(spell, migrations.RunPython.noop),
    ]
