"""Components: rendered from their file, kept by their values, and what people typed stays text."""

from django.utils.functional import lazystr
from django.utils.safestring import SafeString, mark_safe

from crm.kernel.ui.components import plain_text, render_cached_component, render_component


def test_a_component_is_its_file_without_white_space_around_it():
    drawn = render_component("tier", ramp=2, name="<Gold>")

    assert drawn == '<span class="eg-tier" data-tier="2">&lt;Gold&gt;</span>'
    assert isinstance(drawn, SafeString)


def test_a_text_is_not_taken_for_the_same_text_as_markup():
    markup = render_cached_component("tier", ramp="1", name=mark_safe("<i>Gold</i>"))
    text = render_cached_component("tier", ramp="1", name="<i>Gold</i>")

    assert "<i>Gold</i>" in markup
    assert "&lt;i&gt;Gold&lt;/i&gt;" in text


def test_a_kept_component_is_rendered_once():
    render_cached_component.cache_clear()

    first, second = (render_cached_component("tier", ramp="1", name="Silver") for _ in range(2))

    assert first is second
    assert render_cached_component.cache_info().misses == 1


def test_texts_of_objects_are_taken_when_they_are_shown():
    assert type(plain_text(lazystr("Gold"))) is str
    assert plain_text(5) == "5"
    assert isinstance(plain_text(mark_safe("<b>")), SafeString)
