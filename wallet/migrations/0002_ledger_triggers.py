"""The rules that constraints cannot say: append-only, whole transactions, balances moved by entries alone.

The SQL is in `wallet/sql/` and is installed again after every `migrate` in its newest form (`wallet/guards.py`).
"""

from django.db import migrations

from wallet import guards


def install(apps, schema_editor):
    guards.install(schema_editor.connection)


def remove(apps, schema_editor):
    guards.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("wallet", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
