"""What is said where the collection does not answer."""

from collections.abc import Mapping, Sequence

from assistant.escaping import escaped
from assistant.evidence import Evidence
from assistant.refusal.answerable import answerable
from assistant.refusal.bearing import Bearing
from assistant.types import Answer, Hit

__all__ = ["N_NEAREST", "REFUSED", "refusal", "refusal_text"]

REFUSED = "The collection does not answer this."
"""How every refusal begins, where there are papers."""

N_NEAREST = 3
_MAX_WORDS = 6
_LINE_CHARS = 160


def refusal(
    question: str,
    query: str,
    hits: Sequence[Hit],
    ranked: Sequence[Evidence],
    stands: Bearing,
    n_papers: int,
) -> Answer:
    """Refuse a question.

    Args:
        question: What the user typed.
        query: What was searched for.
        hits: The papers found.
        ranked: Their sentences.
        stands: How the question stands to them.
        n_papers: How many papers the collection holds.
    """
    nearest = tuple(hits[:N_NEAREST])
    by_closeness = sorted(ranked, key=lambda each: each.closeness)
    quotes = {each.paper.paper_id: each.quote for each in by_closeness}
    return Answer(
        text=refusal_text(
            stands.missing, nearest, n_papers, len(hits), quotes, stands.missing_in_first
        ),
        refused=True,
        question=question,
        query=query,
        nearest=nearest,
        missing=stands.missing,
        n_near=len(hits),
        answerable=answerable(stands),
    )


def refusal_text(
    missing: Sequence[str],
    nearest: Sequence[Hit],
    n_papers: int,
    n_near: int = 0,
    quotes: Mapping[str, str] | None = None,
    missing_in_first: Sequence[str] = (),
) -> str:
    """Say that the collection does not answer, what was not found, and what comes nearest.

    Args:
        missing: Words of the question that no near paper has.
        nearest: The papers that come closest.
        n_papers: How many papers the collection holds.
        n_near: How many papers were considered, if more than those.
        quotes: By paper id, the sentence of a paper that comes closest.
        missing_in_first: Words that the first of them does not have; told where others have them.
    """
    if not n_papers:
        return "The collection is empty. Add papers to it, and ask again."
    if not nearest:
        return REFUSED
    if (n_near := max(n_near, len(nearest))) > 1:
        papers = f"The {n_near} papers nearest to it, of {n_papers:,}, do not"
    else:
        papers = "The paper nearest to it does not"
    lacking = f"mention {_listed(missing)}" if missing else "say it"
    if missing_in_first and not missing:
        lacking += f"; the first of them does not mention {_listed(missing_in_first)}"
    lines = [_line(hit, (quotes or {}).get(hit.paper.paper_id, "")) for hit in nearest]
    lead = f"{REFUSED} {papers} {lacking}. Nearest:"
    return "\n".join([lead, "", *lines])


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f"“{escaped(word)}”" for word in words[:_MAX_WORDS])


def _line(hit: Hit, quote: str) -> str:
    """A paper and the beginning of its nearest sentence, on one line."""
    title = f"- **{escaped(hit.paper.title)}**"
    return f"{title}: {escaped(_shortened(quote))}" if quote else title


def _shortened(quote: str) -> str:
    """A sentence of at most so many characters, cut between words."""
    line = " ".join(quote.split())
    if len(line) <= _LINE_CHARS:
        return line
    return line[:_LINE_CHARS].rpartition(" ")[0].rstrip(",;:") + " …"
