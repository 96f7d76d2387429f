"""Writing a summary: an overview, the papers under their themes, and what is not there."""

from collections.abc import Iterator, Mapping, Sequence

from assistant.days import days_of, span
from assistant.evidence import Evidence
from assistant.extractive import cite, escaped
from assistant.topics.gaps import Gaps
from assistant.topics.telling import Told
from assistant.topics.themes import Theme
from assistant.types import Paper

__all__ = ["Digest"]

_MAX_SENTENCES = 18
"""Every paper has one sentence; the surest have two as long as there are no more in all."""

_MAX_HEARTS = 3
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
        named = [theme for theme in themes if theme.name]
        hearts = [_heart(theme, told) for theme in named[:_MAX_HEARTS]]
        self._hearts = [told[name].does for name in hearts if name]
        with_finding = [*list(told)[: max(0, _MAX_SENTENCES - len(told))], *hearts]
        self._items = {
            name: _said(each, does=name not in hearts, finds=name in with_finding)
            for name, each in told.items()
        }
        names = [each.paper.paper_id for theme in themes for each in theme.papers]
        order = self._hearts + [evidence for name in names for evidence in self._items[name]]
        self.sentences, self.citations = cite(order)
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
            heading = f"## {escaped(theme.name or _REST)}\n\n" if len(self._themes) > 1 else ""
            items = "\n".join(self._item(each.paper) for each in theme.papers)
            yield ("\n\n" if number else "") + heading + items
        if said := lacking.text():
            yield f"\n\n{said}"

    def _overview(self, topic: str, n_papers: int, *, more: bool) -> str:
        """What there is, counted; then a sentence of each of the largest themes."""
        days = span(days_of(each.paper for theme in self._themes for each in theme.papers))
        listed = f", listed {days}" if days else ""
        n, named_so = len(self._items), f"“{escaped(topic)}”"
        said = [
            f"The {n} papers of {n_papers:,} that are nearest to {named_so}{listed}."
            if more
            else f"{n} of {n_papers:,} papers are on {named_so}{listed}."
        ]
        named = [f"{theme.name} ({len(theme.papers)})" for theme in self._themes if theme.name]
        if named:
            rest = sum(len(theme.papers) for theme in self._themes if not theme.name)
            others = f"; {rest} more" if rest else ""
            said.append(f"Themes: {escaped(', '.join(named))}{others}.")
        return " ".join([*said, *map(self._text, self._hearts)])

    def _item(self, paper: Paper) -> str:
        """A paper's line, without what the overview has said of it."""
        title = escaped(paper.title.rstrip("."))
        stop = "" if title.endswith(("?", "!")) else "."
        return " ".join([f"- **{title}{stop}**", *map(self._text, self._items[paper.paper_id])])

    def _text(self, evidence: Evidence) -> str:
        return self._texts[_place(evidence)].text


def _heart(theme: Theme, told: Mapping[str, Told]) -> str:
    """The paper that says best what it does, and has more to say than that; "" for none."""
    names = [each.paper.paper_id for each in theme.papers if told[each.paper.paper_id].finds]
    return max(names, key=lambda name: (told[name].does.strength, name), default="")


def _said(told: Told, *, does: bool, finds: bool) -> list[Evidence]:
    """The sentences of a paper that are wanted, in the order of its abstract."""
    wanted = [told.does if does else None, told.finds if finds else None]
    return sorted((each for each in wanted if each), key=lambda each: each.start)


def _place(evidence: Evidence) -> tuple[str, int]:
    return evidence.paper.paper_id, evidence.start
