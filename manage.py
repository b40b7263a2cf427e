#!/usr/bin/env python
"""Run a management command; `bin/manage` does the same with everything set up."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")
    execute_from_command_line(sys.argv)
