from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='read_receipts',
            field=models.BooleanField(db_default=False, default=False, verbose_name='read receipts'),
        ),
        migrations.AddField(
            model_name='user',
            name='presence',
            field=models.CharField(choices=[('friends', 'my friends'), ('nobody', 'nobody')], db_default='nobody', default='nobody', max_length=7, verbose_name='who sees when I am here'),
        ),
        migrations.AddField(
            model_name='user',
            name='last_seen_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
