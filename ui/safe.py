"""Text of papers, models and people, made safe to stand in HTML. Everything shown passes here."""

import html
import re
from urllib.parse import urlsplit

__all__ = ["link", "plain", "safe_url"]

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
)
"""Controls, and marks that turn the direction of the text behind them: "evil\u202egpj.exe"."""

_SCHEMES = ("http", "https")


def plain(text: str) -> str:
    """Escape text for an element or a quoted attribute, without invisible control characters.

    Args:
        text: From anywhere.
    """
    return html.escape(_INVISIBLE.sub("", text), quote=True)


def safe_url(address: str) -> str:
    """Give an address back where a click on it can only open a web page.

    Args:
        address: From anywhere.

    Returns:
        The address, unescaped; "" where it has another scheme than http and https, no host, a
        user name before the host, or a character no address holds.
    """
    if not address.isascii() or any(char <= " " or char in "\"'<>\\^`{|}" for char in address):
        return ""
    try:
        parts = urlsplit(address)
        named = parts.hostname and "@" not in parts.netloc
    except ValueError:
        return ""
    return address if parts.scheme in _SCHEMES and named else ""


def link(address: str, words: str) -> str:
    """Link to another site, in a new tab that learns nothing of this one; "" where unsafe.

    Args:
        address: From anywhere.
        words: What the link says.
    """
    url = safe_url(address)
    if not url:
        return ""
    return f'<a href="{plain(url)}" target="_blank" rel="noopener noreferrer">{plain(words)}</a>'
