import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chat', '0001_initial'),
        ('uploads', '0001_initial'),
        ('wallet', '0002_ledger_triggers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RenameModel(old_name='MessagePhoto', new_name='Attachment'),
        migrations.AlterModelOptions(
            name='attachment',
            options={'verbose_name': 'attachment', 'verbose_name_plural': 'attachments'},
        ),
        migrations.RemoveConstraint(model_name='attachment', name='message_photo_position'),
        migrations.AlterField(
            model_name='attachment',
            name='message',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='chat.message'),
        ),
        migrations.AlterField(
            model_name='attachment',
            name='upload',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='uploads.upload'),
        ),
        migrations.AddConstraint(
            model_name='attachment',
            constraint=models.UniqueConstraint(fields=('message', 'position'), name='message_attachment_position'),
        ),
        migrations.AddIndex(
            model_name='attachment',
            index=models.Index(fields=['conversation', '-message'], name='attachment_of_conversation'),
        ),
        migrations.CreateModel(
            name='LinkPreview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(editable=False, max_length=64, unique=True)),
                ('url', models.CharField(max_length=2000)),
                ('title', models.CharField(blank=True, max_length=300)),
                ('description', models.CharField(blank=True, max_length=1000)),
                ('site_name', models.CharField(blank=True, max_length=100)),
                ('image', models.CharField(blank=True, max_length=200)),
                ('image_width', models.PositiveIntegerField(default=0)),
                ('image_height', models.PositiveIntegerField(default=0)),
                ('fetched_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'link preview',
                'verbose_name_plural': 'link previews',
            },
        ),
        migrations.RemoveConstraint(
            model_name='message',
            name='message_kind',
        ),
        migrations.AddField(
            model_name='conversation',
            name='dissolved_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='conversation',
            name='history_for_new_members',
            field=models.BooleanField(default=False, verbose_name='new members see what was said before'),
        ),
        migrations.AddField(
            model_name='conversation',
            name='joining_needs_approval',
            field=models.BooleanField(default=False, verbose_name='new members need approval'),
        ),
        migrations.AddField(
            model_name='conversation',
            name='only_admins_invite',
            field=models.BooleanField(default=False, verbose_name='only admins invite'),
        ),
        migrations.AddField(
            model_name='conversation',
            name='only_admins_speak',
            field=models.BooleanField(default=False, verbose_name='only admins may write'),
        ),
        migrations.AddField(
            model_name='conversation',
            name='requested_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='conversation',
            name='retention_days',
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name='days messages are kept'),
        ),
        migrations.AddField(
            model_name='conversation',
            name='shows_readers',
            field=models.BooleanField(default=False, verbose_name='members see who has read'),
        ),
        migrations.AddField(
            model_name='member',
            name='draft',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='member',
            name='draft_reply_to',
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='member',
            name='drafted_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='member',
            name='folded',
            field=models.BooleanField(default=False, verbose_name='folded'),
        ),
        migrations.AddField(
            model_name='member',
            name='hidden_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='member',
            name='invited_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='member',
            name='marked_unread',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='member',
            name='mentioned_seq',
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='message',
            name='edited_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='message',
            name='mentions',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name='message',
            name='mentions_all',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='message',
            name='reaction_count',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='message',
            name='recalled_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='message',
            name='recalled_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='message',
            name='silent',
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name='message',
            name='kind',
            field=models.CharField(choices=[('text', 'text'), ('image', 'photo'), ('voice', 'voice message'), ('video', 'video'), ('file', 'file'), ('place', 'place'), ('card', 'card'), ('sticker', 'sticker'), ('poll', 'poll'), ('list', 'sign-up list'), ('record', 'chat record'), ('red_envelope', 'red envelope'), ('transfer', 'transfer'), ('call', 'call'), ('system', 'notice')], default='text', max_length=12),
        ),
        migrations.AddField(
            model_name='message',
            name='preview',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='chat.linkpreview'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'system'), ('sender__isnull', True)), models.Q(('kind__in', ['text', 'image', 'voice', 'video', 'file', 'place', 'card', 'sticker', 'poll', 'list', 'record', 'red_envelope', 'transfer', 'call']), ('sender__isnull', False)), _connector='OR'), name='message_kind'),
        ),
    ]
