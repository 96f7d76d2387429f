import re
from importlib.resources import files

import pytest

from ui.theme import make_theme

_CSS = files("ui").joinpath("page.css").read_text(encoding="utf-8")
_TOKEN = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")

# Every pair of colours that text is shown in: words, then what they stand on.
_PAIRS = (
    *(("ink", "paper"), ("ink", "card"), ("ink", "mark"), ("ink", "mark-on")),
    *(("ink-2", "paper"), ("ink-2", "card"), ("ink-3", "paper"), ("ink-3", "card")),
    *(("ink", "accent-soft"), ("ink-2", "accent-soft"), ("accent", "accent-soft")),
    *(("accent", "card"), ("accent", "paper"), ("accent-ink", "accent")),
    *(("weak", "weak-soft"), ("weak", "card")),
)


def _tokens(selector: str) -> dict[str, str]:
    (block,) = re.findall(rf"^{re.escape(selector)} {{(.*?)^}}", _CSS, re.DOTALL | re.MULTILINE)
    return dict(_TOKEN.findall(block))


def _luminance(colour: str) -> float:
    """Relative luminance. Source: WCAG 2.2, definition of relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("selector", [":root", ".dark"])
@pytest.mark.parametrize(("words", "ground"), _PAIRS)
def test_words_stand_out_from_what_they_stand_on(words: str, ground: str, selector: str) -> None:
    tokens = _tokens(selector)
    low, high = sorted((_luminance(tokens[words]), _luminance(tokens[ground])))
    assert (high + 0.05) / (low + 0.05) >= 4.5


@pytest.mark.parametrize(("suffix", "selector"), [("", ":root"), ("_dark", ".dark")])
def test_the_theme_has_the_colours_of_the_style_sheet(suffix: str, selector: str) -> None:
    theme, tokens = make_theme(), _tokens(selector)
    for setting, token in {
        "body_background_fill": "paper",
        "body_text_color": "ink",
        "border_color_primary": "line",
        "background_fill_primary": "card",
        "button_primary_background_fill": "accent",
        "button_primary_text_color": "accent-ink",
        "input_placeholder_color": "ink-3",
    }.items():
        assert getattr(theme, setting + suffix) == tokens[token]


def test_no_font_is_loaded() -> None:
    assert "url(" not in _CSS
    assert "@import" not in _CSS
    assert not make_theme()._stylesheets
    assert "@font-face" not in make_theme()._get_theme_css()
