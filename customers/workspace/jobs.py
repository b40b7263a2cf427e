"""Background work of the workspace: bulk actions and exports that run as jobs."""

from django.utils.translation import gettext as _

from crm.kernel.background import jobs
from customers.workspace import bulk_actions, exporting

jobs.register_job_handler(bulk_actions.KIND, goes_on=True)(bulk_actions.apply_bulk_job)
jobs.register_job_handler(exporting.KIND, title=lambda params: _("Export of customers"))(exporting.write_export_file)
