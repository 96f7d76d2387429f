"""Whether the collection answers a question, and what is said where it does not."""

from assistant.refusal.answerable import answerable, refuses
from assistant.refusal.bearing import Bearing, bearing
from assistant.refusal.names import as_typed
from assistant.refusal.saying import N_NEAREST, REFUSED, refusal, refusal_text

__all__ = [
    "N_NEAREST",
    "REFUSED",
    "Bearing",
    "answerable",
    "as_typed",
    "bearing",
    "refusal",
    "refusal_text",
    "refuses",
]
