import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chat', '0003_messages'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('kind__in', ['image', 'video', 'voice', 'file'])), fields=['conversation', '-seq'], name='message_files'),
        ),
        migrations.CreateModel(
            name='CustomEmoji',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=30, unique=True, verbose_name='name')),
                ('image', models.CharField(editable=False, max_length=100)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('created_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'custom emoji',
                'verbose_name_plural': 'custom emoji',
            },
        ),
        migrations.CreateModel(
            name='StickerPack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, verbose_name='name')),
                ('shared', models.BooleanField(default=False, verbose_name='everybody here may use it')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sticker_packs', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'sticker pack',
                'verbose_name_plural': 'sticker packs',
            },
        ),
        migrations.CreateModel(
            name='Sticker',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(max_length=40, verbose_name='in words')),
                ('image', models.CharField(editable=False, max_length=100)),
                ('width', models.PositiveSmallIntegerField(editable=False)),
                ('height', models.PositiveSmallIntegerField(editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('pack', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stickers', to='chat.stickerpack')),
            ],
            options={
                'verbose_name': 'sticker',
                'verbose_name_plural': 'stickers',
            },
        ),
        migrations.CreateModel(
            name='AddedPack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('added_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('pack', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='added', to='chat.stickerpack')),
            ],
            options={
                'verbose_name': 'added sticker pack',
                'verbose_name_plural': 'added sticker packs',
            },
        ),
        migrations.CreateModel(
            name='VoiceHeard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('heard_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('listener', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('message', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='chat.message')),
            ],
            options={
                'verbose_name': 'heard voice message',
                'verbose_name_plural': 'heard voice messages',
            },
        ),
        migrations.CreateModel(
            name='FavouriteSticker',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kept_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sticker', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='favourites', to='chat.sticker')),
            ],
            options={
                'verbose_name': 'favourite sticker',
                'verbose_name_plural': 'favourite stickers',
                'indexes': [models.Index(fields=['sticker'], name='sticker_kept')],
                'constraints': [models.UniqueConstraint(fields=('person', 'sticker'), name='sticker_kept_once')],
            },
        ),
        migrations.AddIndex(
            model_name='stickerpack',
            index=models.Index(condition=models.Q(('removed_at', None), ('shared', True)), fields=['-created_at'], name='pack_shared'),
        ),
        migrations.AddIndex(
            model_name='addedpack',
            index=models.Index(fields=['pack'], name='pack_added'),
        ),
        migrations.AddConstraint(
            model_name='addedpack',
            constraint=models.UniqueConstraint(fields=('person', 'pack'), name='pack_added_once'),
        ),
        migrations.AddIndex(
            model_name='voiceheard',
            index=models.Index(fields=['message'], name='voice_heard_message'),
        ),
        migrations.AddConstraint(
            model_name='voiceheard',
            constraint=models.UniqueConstraint(fields=('listener', 'message'), name='voice_heard_once'),
        ),
    ]
