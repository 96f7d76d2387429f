"""The page's look for Gradio's own parts; page.css dresses the rest. Fonts are the system's."""

from gradio.themes import Base
from gradio.themes.utils import fonts, sizes

__all__ = ["make_theme"]

_SANS = ("ui-sans-serif", "system-ui", "-apple-system", "Segoe UI", "Roboto", "Liberation Sans")
_MONO = ("ui-monospace", "Menlo", "Consolas", "Liberation Mono")

# (setting, light, dark): the tokens of page.css, which Gradio wants to know by their values.
_COLOURS = (
    ("body_background_fill", "#fbfaf7", "#16181b"),
    ("body_text_color", "#1d1f23", "#eceae4"),
    ("body_text_color_subdued", "#5b6068", "#b1b5bb"),
    ("background_fill_primary", "#ffffff", "#1e2125"),
    ("background_fill_secondary", "#fbfaf7", "#16181b"),
    ("block_background_fill", "transparent", "transparent"),
    ("border_color_primary", "#e6e3dc", "#30343a"),
    ("border_color_accent", "#1f5f5b", "#7cc5bd"),
    ("color_accent_soft", "#e2efed", "#21393a"),
    ("input_background_fill", "transparent", "transparent"),
    ("input_placeholder_color", "#6b7078", "#9398a0"),
    ("button_primary_background_fill", "#1f5f5b", "#7cc5bd"),
    ("button_primary_background_fill_hover", "#184c49", "#93d1ca"),
    ("button_primary_text_color", "#ffffff", "#0f1a19"),
    ("button_secondary_background_fill", "#ffffff", "#1e2125"),
    ("button_secondary_background_fill_hover", "#e2efed", "#21393a"),
    ("button_secondary_text_color", "#1d1f23", "#eceae4"),
)


def make_theme() -> Base:
    """Build the theme, light and dark."""
    theme = Base(
        font=[fonts.Font(name) for name in (*_SANS, "sans-serif")],
        font_mono=[fonts.Font(name) for name in (*_MONO, "monospace")],
        text_size=sizes.text_md,
        radius_size=sizes.radius_md,
    )
    values = {"block_border_width": "0px", "block_shadow": "none", "color_accent": "var(--accent)"}
    for name, light, dark in _COLOURS:
        values |= {name: light, f"{name}_dark": dark}
    return theme.set(**values)
