"""Sign-in is for staff that an administrator added: nobody signs up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class StaffOnly(DefaultAccountAdapter):
    """allauth with the door for strangers closed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
