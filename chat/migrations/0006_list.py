from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chat', '0005_groups'),
    ]

    operations = [
        migrations.AddField(
            model_name='member',
            name='muted_until',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
