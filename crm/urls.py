"""Every address of the product, app by app."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from crm import home
from crm.kernel import access

handler400 = "crm.kernel.errors.bad_request"
handler403 = "crm.kernel.errors.forbidden"
handler404 = "crm.kernel.errors.not_found"
handler500 = "crm.kernel.errors.broken"

urlpatterns = [
    # Addresses are tried from the top, and this one is asked most.
    path("api/v1/", include("crm.api_urls")),
    path("", home.home, name="home"),
    path("", include("crm.kernel.urls")),
    path("accounts/", include("crm.kernel.people.account_urls")),
    path("", include("customers.urls")),
    path("", include("loyalty.urls")),
    path("", include("feedback.urls")),
    path("", include("retention.urls")),
    path("api/schema/", access.public(SpectacularAPIView.as_view()), name="schema"),
    path(
        "api/docs/",
        access.public(SpectacularSwaggerSplitView.as_view(url_name="schema", template_name="kernel/api/docs.html")),
        name="api_docs",
    ),
]
