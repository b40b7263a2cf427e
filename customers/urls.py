"""The pages of customers, area by area."""

from customers.importing import urls as importing
from customers.messaging import urls as messaging
from customers.orders import urls as orders
from customers.profiles import urls as profiles
from customers.workspace import urls as workspace

app_name = "customers"
urlpatterns: list = [
    *profiles.urlpatterns,
    *orders.urlpatterns,
    *messaging.urlpatterns,
    *importing.urlpatterns,
    *workspace.urlpatterns,
]
