"""Sentences without the words in front that say nothing: "In this paper, we …" becomes "…we …"."""

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.evidence import Evidence

__all__ = ["without_lead_ins"]

_LEAD_IN = re.compile(
    r"""(?:
      (?:In|With|Throughout)\s(?:this|the\spresent|our)\s
        (?:paper|work|article|study|report|survey|letter|thesis|contribution)
    | (?:More\s)?[Ss]pecifically | (?:More\s)?[Cc]oncretely | (?:In\s)?[Pp]articular(?:ly)?
    | To\s(?:this|that)\send | (?:In|By)\scontrast | In\s(?:addition|fact|summary|conclusion|short)
    | As\sa\s(?:result|consequence) | On\sthe\s(?:one|other)\shand | For\s(?:example|instance)
    | However | Moreover | Furthermore | Further | Additionally | Also | Besides | Finally | Lastly
    | Thus | Therefore | Hence | Consequently | Accordingly | Instead | Nevertheless | Nonetheless
    | Meanwhile | Overall | Indeed | Then | Next | Here | First | Second | Third | Firstly
    | Secondly | Thirdly | Notably | Importantly
    ),?\s+(?=\S)""",
    re.VERBOSE,
)
_COMMA = re.compile(r",\s+$")
_MAY_LACK_COMMA = re.compile(r"(?:In|With|Throughout) ")


def without_lead_ins(chosen: Sequence[Evidence]) -> list[Evidence]:
    """Leave the lead-ins of sentences out.

    One stays where the sentence before it in the abstract is before it in the answer too.
    """
    shown = []
    for number, each in enumerate(chosen):
        before = chosen[number - 1] if number else None
        follows = before is not None and _between(before, each).isspace()
        shown.append(each if follows else replace(each, start=_beginning(each)))
    return shown


def _between(one: Evidence, other: Evidence) -> str:
    """What stands between two sentences of one abstract; "" for others."""
    if one.paper.paper_id != other.paper.paper_id:
        return ""
    return one.paper.abstract[one.end : other.start]


def _beginning(each: Evidence) -> int:
    """Where a sentence begins to say something."""
    found = _LEAD_IN.match(each.quote)
    if not found or not (_COMMA.search(found[0]) or _MAY_LACK_COMMA.match(found[0])):
        return each.start
    return each.start + found.end()
