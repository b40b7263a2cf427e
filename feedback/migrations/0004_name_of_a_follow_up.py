from django.db import migrations

import crm.kernel.db.public_ids

ADD = """
ALTER TABLE feedback_followup ADD COLUMN public_id varchar(24) NOT NULL DEFAULT crm_public_id('fu');
ALTER TABLE feedback_followup ALTER COLUMN public_id DROP DEFAULT;
ALTER TABLE feedback_followup ADD CONSTRAINT feedback_followup_public_id_key UNIQUE (public_id);
CREATE INDEX feedback_followup_public_id_like ON feedback_followup (public_id varchar_pattern_ops);
"""


class Migration(migrations.Migration):
    """Follow-ups get a public id, as everything that stands in an address."""

    dependencies = [("feedback", "0003_history_without_replies")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(ADD, "ALTER TABLE feedback_followup DROP COLUMN public_id")],
            state_operations=[
                migrations.AddField("followup", "public_id", crm.kernel.db.public_ids.PublicIdField(prefix="fu")),
            ],
        ),
    ]
