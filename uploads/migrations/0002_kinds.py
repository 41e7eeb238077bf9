from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('uploads', '0001_initial'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='upload',
            name='upload_ready_has_size',
        ),
        migrations.AddField(
            model_name='upload',
            name='duration',
            field=models.FloatField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='upload',
            name='failure',
            field=models.CharField(blank=True, choices=[('unreadable', 'It cannot be read.'), ('too_long', 'It is too long.'), ('too_large', 'Its picture is too large.'), ('too_heavy', 'Converting it took too long.')], max_length=12),
        ),
        migrations.AddField(
            model_name='upload',
            name='name',
            field=models.CharField(blank=True, max_length=200, verbose_name='name'),
        ),
        migrations.AddField(
            model_name='upload',
            name='peaks',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AlterField(
            model_name='upload',
            name='kind',
            field=models.CharField(choices=[('image', 'picture'), ('video', 'video'), ('voice', 'voice message'), ('file', 'file')], default='image', max_length=10),
        ),
        migrations.AlterField(
            model_name='upload',
            name='state',
            field=models.CharField(choices=[('processing', 'processing'), ('ready', 'ready'), ('failed', 'failed')], default='processing', max_length=10),
        ),
        migrations.AddConstraint(
            model_name='upload',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['image', 'video']), ('state', 'ready'), _negated=True), models.Q(('height__gt', 0), ('width__gt', 0)), _connector='OR'), name='upload_ready_has_size'),
        ),
    ]
