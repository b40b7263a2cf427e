"""The words people read: found in the sources, kept in one catalogue per app, checked, compiled.

`python -m crm.tools.i18n extract | missing | apply FILE | compile | merge` needs no system gettext and no database.
"""
