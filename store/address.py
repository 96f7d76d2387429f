"""Addresses of endpoints as they may be shown."""

from urllib.parse import urlsplit

__all__ = ["shown_address"]


def shown_address(base_url: str) -> str:
    """The address without what a person may have put in it to sign in.

    Returns:
        "scheme://host:port/path"; "" where it is not of that form.
    """
    try:
        parts = urlsplit(base_url)
        host = f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    return f"{parts.scheme}://{host}{parts.path}"
