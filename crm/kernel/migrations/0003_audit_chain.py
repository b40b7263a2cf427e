import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from crm.kernel.db import operations as db


class Migration(migrations.Migration):
    """The table of links is made anew: nothing had sealed anything yet."""

    dependencies = [("kernel", "0002_shortcuts_of_a_person")]

    operations = [
        migrations.DeleteModel("AuditSeal"),
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ids", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("hashes", django.contrib.postgres.fields.ArrayField(base_field=models.BinaryField(), size=None)),
                ("last_id", models.BigIntegerField(db_index=True, help_text="The newest entry that this link or an earlier one holds.")),
                ("digest", models.BinaryField()),
                ("sealed_at", models.DateTimeField()),
                ("previous", models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.auditseal")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("previous",), name="audit_chain_does_not_fork", nulls_distinct=False)],
            },
        ),
        db.make_append_only("kernel_auditseal"),
    ]
