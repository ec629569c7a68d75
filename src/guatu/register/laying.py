"""The tables of an empty database, laid from the models as the migrations would leave them.

Replaying every migration renders the models some hundreds of times, half a minute of CPU; an empty
database needs only where they end. The upgrade test holds what is laid against what is migrated.
"""

from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


def lay_tables() -> bool:
    """Create all tables and note all migrations as applied; False where there are tables."""
    if connection.introspection.table_names():
        return False
    with connection.schema_editor() as editor:
        for model in apps.get_models():
            if model._meta.can_migrate(connection):
                editor.create_model(model)
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    for app, name in shipped_migrations():
        recorder.record_applied(app, name)
    return True


def shipped_migrations() -> list[tuple[str, str]]:
    """Migrations of this version as ``(app, name)``, those of an app in their order."""
    return sorted(MigrationLoader(connection).disk_migrations)
