"""The checks of the house: `python -m crm.tools.check` (bin/check) runs them all, `--rules` lists rules without a test."""
