"""The page opened in a browser of its own."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, expect

_READY = {"": ".example:visible", "#library": "#pa-list .said", "#map": ".points circle[cx]"}


@contextmanager
def opened(browser: Browser, address: str, *, view: str = "", **options: Any) -> Iterator[Page]:
    """A fresh browser profile with the page open; it must have asked nobody but the server.

    Args:
        browser: Any.
        address: Of the server, with a slash at its end.
        view: "", "#library" or "#map".
        options: Of the context.
    """
    options = {"viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce"} | options
    with closing(browser.new_context(**options)) as context:
        page = context.new_page()
        requests: list[str] = []
        errors: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("dialog", lambda dialog: errors.append(dialog.message))
        page.goto(address + view)
        expect(page.locator(_READY[view]).first).to_be_visible(timeout=20_000)
        yield page
        elsewhere = [url for url in requests if not url.startswith((address, "data:", "blob:"))]
        assert not elsewhere
        assert not errors
