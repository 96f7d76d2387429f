"""What a summary is asked about, without the words that ask for it."""

import re

__all__ = ["subject"]

_PLEASE = r"(?:please|can you|could you|would you|i want|i need|i would like|i'd like)\b\W*"
_GIVE = r"(?:(?:give|show|tell|write|make|get) (?:me|us)?|provide|produce)\b\s*"
_OVERVIEW = (
    r"(?:an?|the)?\s*(?:\w+ )?(?:overview|summary|survey|review|digest|synthesis)\s+(?:of|on)"
)
_KNOWN = (
    r"(?:what (?:do|does|is|are|has|have) (?:\w+ ){0,3}(?:say|known|written|said|found|done)|about)"
)
_PAPERS = r"(?:papers|work|research|literature)\s+(?:of|on|about)"
_LEAD = re.compile(
    rf"^(?:{_PLEASE})*(?:(?:(?:{_GIVE})?(?:{_OVERVIEW}|{_KNOWN})|summari[sz]e|{_PAPERS})\b"
    r"(?:\s+(?:of|on|about))?(?:\s+(?:the|all|any)\b)?\s*)+",
    re.IGNORECASE,
)
_WHERE = re.compile(
    r"\s*\b(?:(?:in|from|across|of) (?:this|the|my|our|these)\s+(?:collection|papers|abstracts)"
    r"|papers|literature)\s*$",
    re.IGNORECASE,
)
_PARTS = re.compile(r"\s*(?:[?!.;:]+(?=\s|$)|\s[-–—]+\s)\s*")
_ASKS = re.compile(
    r"^(?:please\b|(?:give|show|tell) (?:me|us)\b|summari[sz]e\b|an? (?:overview|summary)\b"
    r"|what(?:'?s| is) (?:the state|known|new|there)\b)",
    re.IGNORECASE,
)


def subject(topic: str) -> str:
    """Leave out of a topic what only asks: "an overview of", "in this collection".

    Args:
        topic: As typed.

    Returns:
        The rest; all of it where nothing would be left.
    """
    parts = [part for part in _PARTS.split(topic) if part]
    kept = [part for part in parts if not _ASKS.match(part)] or parts[:1]
    said = topic if len(kept) == len(parts) else ". ".join(kept)
    said = _LEAD.sub("", said, count=1).rstrip(" ?!.;:")
    return _WHERE.sub("", said).strip(" ,") or topic
