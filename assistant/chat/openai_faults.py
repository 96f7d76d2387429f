"""What goes wrong at an OpenAI-compatible endpoint, in words that say what to do."""

import re
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from time import time

import openai

from assistant.errors import ChatModelError, ContextOverflowError

__all__ = ["MAX_WAIT_S", "Fault", "Teller"]

MAX_WAIT_S = 20.0
"""A server that asks for a longer wait is not waited for; the person decides."""

_TOO_LONG = re.compile(r"context|n_ctx|(?:maximum|max|too many|exceed\w*).{0,40}token", re.I)
_FILTERED = re.compile(r"content[ _]?(?:filter|policy|management)", re.I)
_SPENT = re.compile(r"quota|billing|credit|balance", re.I)


@dataclass(frozen=True, slots=True)
class Fault:
    """A request that failed.

    Attributes:
        error: What is told.
        again: Whether to try again by itself.
        wait_s: How long the server asks to wait before; 0 where it does not say.
    """

    error: ChatModelError
    again: bool = False
    wait_s: float = 0.0


class Teller:
    """Puts an endpoint's errors into words, never with its key."""

    def __init__(self, shown: str, model: str, key: str) -> None:
        """Remember who is spoken of.

        Args:
            shown: The address, as it may be shown.
            model: The model's name.
            key: What must not be shown.
        """
        self._where = f"The endpoint {shown}"
        self._model = repr(model)
        self._key = key

    def told(self, error: Exception) -> Fault:
        """Translate an error of the client, or of reading what it gave."""
        fault = self._fault(error)
        hidden = bool(self._key) and self._key in f"{error!s}{error!r}"
        fault.error.__cause__ = None if hidden else error
        fault.error.__suppress_context__ = True
        return fault

    def empty(self) -> Fault:
        """A reply without a word."""
        return Fault(
            ChatModelError(
                f"{self._where} gave an empty answer for the model {self._model}; try again, or"
                " name another model",
                retryable=True,
            ),
            again=True,
        )

    def withheld(self) -> Fault:
        """A reply that a content filter kept back."""
        return Fault(
            ChatModelError(
                f"The content filter of {self._where[4:]} withheld the answer; word the question in"
                " another way, or name another model"
            )
        )

    def spent(self) -> Fault:
        """A reply that ended at its limit before the first word."""
        return Fault(
            ChatModelError(
                f"The model {self._model} used up its reply before the first word; raise the limit"
                " of its replies, or name a model that thinks less"
            )
        )

    def late(self, limit_s: float, *, begun: bool) -> Fault:
        """Nothing came for too long."""
        said = "said nothing more" if begun else "did not begin to answer"
        return Fault(
            ChatModelError(
                f"{self._where} {said} within {limit_s:.0f} s; try again later, or name a quicker"
                " model",
                retryable=True,
            )
        )

    def _fault(self, error: Exception) -> Fault:
        if isinstance(error, openai.APIStatusError):
            return self._of_status(error)
        if isinstance(error, openai.APIConnectionError):  # a timeout is one, too
            message = (
                f"{self._where} cannot be reached, or broke off; start it, or set the right address"
                " in PAPER_ASSISTANT_BASE_URL"
            )
            return Fault(ChatModelError(message, retryable=True), again=True)
        if isinstance(error, openai.APIError) and not isinstance(
            error, openai.APIResponseValidationError
        ):
            return self._refused(error)  # an error that came as part of a stream
        message = (
            f"{self._where} does not answer as OpenAI's does; check its address, which mostly ends"
            " in /v1"
        )
        return Fault(ChatModelError(message))

    def _of_status(self, error: openai.APIStatusError) -> Fault:
        status = error.status_code
        if status in _BY_STATUS:
            return Fault(ChatModelError(_BY_STATUS[status].format(self._where, self._model)))
        if status == 429:
            return self._busy(error)
        if status >= 500 or status in (408, 409):
            message = f"{self._where} failed ({self._said(error)}); try again later"
            return Fault(ChatModelError(message, retryable=True), True, _wait_s(error))
        return self._refused(error)

    def _busy(self, error: openai.APIStatusError) -> Fault:
        said, wait_s = self._said(error), _wait_s(error)
        if _SPENT.search(said):
            message = f"{self._where} takes no more requests for this key ({said}); look at its"
            return Fault(ChatModelError(f"{message} account, or set another key"))
        when = f"in {wait_s:.0f} s" if wait_s else "later"
        message = f"{self._where} takes no more requests now ({said}); try again {when}"
        return Fault(ChatModelError(message, retryable=True), wait_s <= MAX_WAIT_S, wait_s)

    def _refused(self, error: openai.APIError) -> Fault:
        said = self._said(error)
        about = f"{error.code} {said}"
        if getattr(error, "status_code", 400) == 413 or _TOO_LONG.search(about):
            return Fault(
                ContextOverflowError(
                    f"The prompt is too long for the model {self._model} ({said}); set a smaller"
                    " PAPER_ASSISTANT_CONTEXT_TOKENS, or ask for fewer papers"
                )
            )
        if _FILTERED.search(about):
            return self.withheld()
        message = f"{self._where} refused the request for the model {self._model}: {said}"
        return Fault(ChatModelError(message))

    def _said(self, error: openai.APIError) -> str:
        """What the endpoint said, in one line of no great length, without the key."""
        said = " ".join(str(getattr(error, "message", "") or error).split())
        return (said.replace(self._key, "…") if self._key else said)[:300]


_BY_STATUS = {
    401: "{0} refuses the key; set the right one in PAPER_ASSISTANT_API_KEY",
    403: "{0} does not allow this key the model {1}; set another one in PAPER_ASSISTANT_API_KEY",
    404: "{0} has no model {1}; `paper-assistant doctor` lists those it has. Check the address,"
    " too, which mostly ends in /v1",
}


def _wait_s(error: openai.APIStatusError) -> float:
    """What the header Retry-After says, in seconds or as a date; 0 where it says nothing."""
    said = getattr(error, "response", None)
    value = said.headers.get("retry-after", "") if said is not None else ""
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time())
    except (TypeError, ValueError):
        return 0.0
