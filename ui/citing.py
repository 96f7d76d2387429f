"""What can be done with a paper of the panel: asked about, looked for its like, cited elsewhere."""

from assistant.render import paper_as_bibtex
from assistant.types import Paper
from ui import words
from ui.safe import plain, safe_url

__all__ = ["address_of", "paper_as_markdown", "render_acts"]

_RESOLVERS = {"arxiv": "https://arxiv.org/abs/", "doi": "https://doi.org/"}
_MARKDOWN = str.maketrans({sign: f"\\{sign}" for sign in r"\`*_[]<>"})


def render_acts(paper: Paper) -> str:
    """The buttons under a paper; the card around them names it."""
    copies = "".join(
        f'<button type="button" data-do="copy" data-text="{plain(text)}">'
        f"{plain(words.COPY_AS.format(form=form))}</button>"
        for form, text in (
            ("BibTeX", paper_as_bibtex(paper)),
            ("Markdown", paper_as_markdown(paper)),
        )
    )
    return (
        f'<div class="acts"><button type="button" data-do="ask">{plain(words.ASK_ABOUT)}</button>'
        f'<button type="button" data-do="more">{plain(words.MORE_LIKE)}</button>'
        f'<details class="menu"><summary>{plain(words.CITE)}</summary>'
        f'<div class="choices">{copies}</div></details>'
        f'<span class="done" role="status" data-copied="{plain(words.COPIED)}"'
        f' data-refused="{plain(words.NOT_COPIED)}"></span></div>'
    )


def paper_as_markdown(paper: Paper) -> str:
    """A paper as a line of references: "A. Author, B. Writer (2024). [Title](https:…)"."""
    title = paper.title.translate(_MARKDOWN)
    address = address_of(paper)
    named = f"[{title}]({address.replace('(', '%28').replace(')', '%29')})" if address else title
    who = ", ".join(paper.authors).translate(_MARKDOWN)
    when = f"({paper.published[:4]})" if paper.published[:4].isdigit() else ""
    before = " ".join(filter(None, (who, when)))
    return f"{before}. {named}" if before else named


def address_of(paper: Paper) -> str:
    """The page of a paper: its own, else that of its identifier; "" where there is neither."""
    for name in paper.identifiers:
        kind, _, rest = name.partition(":")
        if not safe_url(paper.url) and (address := _RESOLVERS.get(kind.lower())):
            return safe_url(address + rest)
    return safe_url(paper.url)
