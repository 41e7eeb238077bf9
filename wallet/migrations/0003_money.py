from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('wallet', '0002_ledger_triggers'),
    ]

    operations = []
