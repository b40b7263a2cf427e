from loyalty.templatetags import loyalty


def test_points_carry_their_sign() -> None:
    assert [loyalty.signed(points) for points in (1402, -800, 0)] == ["+1,402", "−800", "0"]


def test_a_code_is_drawn_black_on_every_theme_with_its_label_escaped() -> None:
    drawing = loyalty.qr("7K2M-Q9PX-4RTB", "Coupon <7K2M>")

    assert drawing.startswith('<span role="img" aria-label="Coupon &lt;7K2M&gt;"><svg')
    assert loyalty.INK in drawing
