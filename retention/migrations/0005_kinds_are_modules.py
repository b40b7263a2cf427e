# Which kinds of triggers and steps there are is said by the modules that hold them; a new one needs no migration.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('retention', '0004_fewer_indexes_of_enrollments'),
    ]

    operations = [
        migrations.AlterField(
            model_name='careprogram',
            name='kind',
            field=models.CharField(help_text='A module of care/triggers.', max_length=20, verbose_name='Kind'),
        ),
        migrations.AlterField(
            model_name='step',
            name='kind',
            field=models.CharField(help_text='A module of care/steps.', max_length=20),
        ),
    ]
