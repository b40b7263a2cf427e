"""The audit log: who did what; `audit.record_audit_entry` is what other areas call."""

from crm.kernel.audit.services import record_audit_entry

__all__ = ["record_audit_entry"]
