import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chat', '0007_search'),
    ]

    operations = [
        migrations.CreateModel(
            name='AwaitedPreview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='chat.message')),
                ('preview', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='awaited', to='chat.linkpreview')),
            ],
            options={
                'verbose_name': 'awaited preview',
                'verbose_name_plural': 'awaited previews',
            },
        ),
        migrations.AddField(
            model_name='linkpreview',
            name='claimed_until',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='linkpreview',
            name='is_fetched',
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('preview__isnull', False)), fields=['preview'], name='message_preview'),
        ),
    ]
