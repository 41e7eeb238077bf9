from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_privacy'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='is_bot',
            field=models.BooleanField(db_default=False, default=False, editable=False, verbose_name='bot'),
        ),
        migrations.AddField(
            model_name='user',
            name='link_previews',
            field=models.BooleanField(db_default=True, default=True, verbose_name='show what my links lead to'),
        ),
    ]
