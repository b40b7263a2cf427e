from django.db import migrations


class Migration(migrations.Migration):
    """Whether a night was worked is asked of the instant of the run: a local date means another night after a change of zone."""

    dependencies = [("kernel", "0003_audit_chain")]

    operations = [migrations.RemoveField("sweeprun", "night")]
