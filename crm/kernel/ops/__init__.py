"""Keeping an installation well: health, the doctor, the defaults of a fresh one."""
