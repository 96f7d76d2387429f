"""Writing a summary: an overview, the papers under their themes, and what is not there."""

from collections.abc import Iterator, Mapping, Sequence

from assistant.days import days_of, span
from assistant.escaping import escaped, titled
from assistant.evidence import Evidence
from assistant.excerpts import without_lead_ins
from assistant.extractive import cite
from assistant.topics.gaps import Gaps
from assistant.topics.telling import Told
from assistant.topics.themes import Theme
from assistant.types import Paper

__all__ = ["Digest"]

_MAX_SENTENCES = 18
"""Every paper has one sentence; the surest have two as long as there are no more in all."""

_MAX_HEARTS = 3
"""Themes that the overview quotes, each by one of so many of its surest papers."""

_FEW_PAPERS = 2
_REST = "Also"


class Digest:
    """A summary in the authors' own sentences, each of them once.

    Attributes:
        sentences: Those of the text that are cited, in order.
        citations: 1 to n, in order of first use.
    """

    def __init__(self, themes: Sequence[Theme], papers: Sequence[Told]) -> None:
        """Choose what is said, and where.

        Args:
            themes: At least one paper in all; a theme without a name comes last.
            papers: What each of them says of itself, the surest first.
        """
        self._themes = themes
        told = {each.does.paper.paper_id: each for each in papers}
        quoted = themes[:_MAX_HEARTS] if len(told) > _FEW_PAPERS else ()
        hearts = {theme.name: _heart(theme, told) for theme in quoted}
        self._hearts = {name: heart.does for name, heart in hearts.items() if heart}
        first = {evidence.paper.paper_id for evidence in self._hearts.values()}
        with_finding = first.union(list(told)[: max(0, _MAX_SENTENCES - len(told))])
        self._items = {
            name: _said(each, does=name not in first, finds=name in with_finding)
            for name, each in told.items()
        }
        names = [each.paper.paper_id for theme in themes for each in theme.papers]
        order = [*self._hearts.values(), *(each for name in names for each in self._items[name])]
        self.sentences, self.citations = cite(without_lead_ins(order))
        self._texts = dict(zip(map(_place, order), self.sentences, strict=True))

    def paragraphs(
        self, topic: str, n_papers: int, lacking: Gaps, *, more: bool = False
    ) -> Iterator[str]:
        """Write it, piece by piece.

        Args:
            topic: As it is to be named.
            n_papers: How many papers the collection holds.
            lacking: What of the topic the papers lack.
            more: Whether there may be more papers on it.

        Yields:
            Markdown; the pieces join to the whole text.
        """
        if len(self._items) > _FEW_PAPERS:
            yield self._overview(topic, n_papers, more=more) + "\n\n"
        for number, theme in enumerate(self._themes):
            heading = f"## {_name(theme)}\n\n" if len(self._themes) > 1 else ""
            items = "\n".join(self._item(each.paper) for each in theme.papers)
            yield ("\n\n" if number else "") + heading + items
        if said := lacking.text():
            yield f"\n\n{said}"

    def _overview(self, topic: str, n_papers: int, *, more: bool) -> str:
        """What there is, counted, with a sentence of each of the largest themes."""
        days = span(days_of(each.paper for theme in self._themes for each in theme.papers))
        listed = f", listed {days}" if days else ""
        n, named_so = len(self._items), f"“{escaped(topic)}”{listed}"
        said = [
            f"The {n} papers of {n_papers:,} that are nearest to {named_so}."
            if more
            else f"{n} of {n_papers:,} papers are on {named_so}."
        ]
        for theme in self._themes:
            heart = self._hearts.get(theme.name)
            quote = f": {self._text(heart)}" if heart else ""
            if len(self._themes) > 1:
                n = len(theme.papers)
                quote = f"**{_name(theme)}**, {n} paper{'s' if n > 1 else ''}{quote or '.'}"
            elif heart:
                quote = f"The nearest{quote}"
            said.append(quote)
        return " ".join(filter(None, said))

    def _item(self, paper: Paper) -> str:
        """A paper's line, without what the overview has said of it."""
        return " ".join([f"- {titled(paper.title)}", *map(self._text, self._items[paper.paper_id])])

    def _text(self, evidence: Evidence) -> str:
        return self._texts[_place(evidence)].text


def _name(theme: Theme) -> str:
    return escaped(theme.name or _REST)


def _heart(theme: Theme, told: Mapping[str, Told]) -> Told | None:
    """Of the surest papers, the first that has more to say than what it does."""
    surest = [told[each.paper.paper_id] for each in theme.papers[:_MAX_HEARTS]]
    return next((each for each in surest if each.finds), None)


def _said(told: Told, *, does: bool, finds: bool) -> list[Evidence]:
    """The sentences of a paper that are wanted, in the order of its abstract."""
    wanted = [told.does if does else None, told.finds if finds else None]
    return sorted((each for each in wanted if each), key=lambda each: each.start)


def _place(evidence: Evidence) -> tuple[str, int]:
    return evidence.paper.paper_id, evidence.start
