"""Sign-in is for staff that an administrator added: nobody signs up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from crm.kernel.http import client_address


class StaffOnlyAdapter(DefaultAccountAdapter):
    """allauth with the door for strangers closed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Whom the lock-out counts; one count for all who come through a socket in a folder."""
        return client_address.get_client_address(request.META) or ""
