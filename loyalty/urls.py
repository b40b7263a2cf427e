"""The pages of loyalty, area by area."""

from loyalty.account.urls import urlpatterns as account
from loyalty.rewards.urls import urlpatterns as rewards
from loyalty.tiers.urls import urlpatterns as tiers

app_name = "loyalty"
urlpatterns = [*rewards, *tiers, *account]
