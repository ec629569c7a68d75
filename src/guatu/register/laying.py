"""The tables of an empty database, laid from the models as the migrations would leave them.

Replaying every migration renders the models some hundreds of times, half a minute of CPU; an empty
database needs only where they end. The upgrade test holds what is laid against what is migrated.
"""

from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def lay_tables() -> bool:
    """Create all tables and note all migrations as applied; False where there are tables."""
    if connection.introspection.table_names():
        return False
    with connection.schema_editor() as editor:
        for model in apps.get_models():
            if model._meta.can_migrate(connection):
                editor.create_model(model)
    executor = MigrationExecutor(connection)
    executor.recorder.ensure_schema()
    for app, name in executor.loader.disk_migrations:
        executor.recorder.record_applied(app, name)
    return True
