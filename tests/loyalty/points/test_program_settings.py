from django.utils import translation

from loyalty.points.program_settings import LoyaltySettings


def test_the_programme_is_called_in_the_readers_language() -> None:
    settings = LoyaltySettings(name_en="Circle", name_hans="常青会", name_hant="")
    names = []
    for language in ("en", "zh-hans", "zh-hant"):
        with translation.override(language):
            names.append(settings.name)

    assert names == ["Circle", "常青会", "Circle"]
