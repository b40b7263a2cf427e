"""Every address of the product, app by app."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from crm.config import home
from crm.kernel.auth import access

handler400 = "crm.kernel.http.error_pages.bad_request"
handler403 = "crm.kernel.http.error_pages.permission_denied"
handler404 = "crm.kernel.http.error_pages.page_not_found"
handler500 = "crm.kernel.http.error_pages.server_error"

urlpatterns = [
    # Addresses are tried from the top, and this one is asked most.
    path("api/v1/", include("crm.config.api_urls")),
    path("", home.home, name="home"),
    path("", include("crm.kernel.urls")),
    path("accounts/", include("crm.kernel.auth.account_urls")),
    path("", include("customers.urls")),
    path("", include("loyalty.urls")),
    path("", include("feedback.urls")),
    path("", include("retention.urls")),
    path("api/schema/", access.allow_anonymous(SpectacularAPIView.as_view()), name="schema"),
    path(
        "api/docs/",
        access.allow_anonymous(
            SpectacularSwaggerSplitView.as_view(url_name="schema", template_name="kernel/api/docs.html")
        ),
        name="api_docs",
    ),
]
