"""Papers, answers and hostile strings for the tests of the page, and a reader of its HTML."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from assistant.types import Answer, Citation, Hit, Listing, Paper, Passage, Sentence

HOSTILE = (
    "<script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "'><img src=x onerror=alert(1)>",
    "</p></article><h1>taken over</h1>",
    "![x](http://127.0.0.1:9/?leak)",
    "[click](javascript:alert(1))",
    "<a href='data:text/html,x'>",
    "&lt;script&gt;",
    "{{constructor.constructor('alert(1)')()}} ${alert(1)} `${alert(1)}`",
    "evil\u202egpj.exe",
    "a\x00b\x1bc",
)

VOID = {"img", "br", "hr", "input", "meta", "link"}


@dataclass
class Parsed(HTMLParser):
    """What HTML holds: its tags with their attributes, and its text; it must be well nested."""

    html: str
    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    text: str = ""
    _open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.html)
        self.close()
        assert not self._open, f"{self._open} left open"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open.pop() == tag, f"</{tag}> closes another"

    def handle_data(self, data: str) -> None:
        self.text += data

    def find(self, tag: str, **attributes: str) -> list[dict[str, str | None]]:
        """The attributes of all elements of a tag that have these."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [had for name, had in self.tags if name == tag and wanted.items() <= had.items()]


def paper(number: int = 1, **fields: object) -> Paper:
    """A paper of three sentences."""
    told = {
        "paper_id": f"p:{number}",
        "title": f"Title {number}",
        "abstract": f"First of {number}. Second of {number}. Third of {number}.",
    }
    return Paper(**told | fields)  # type: ignore[arg-type]


def citation(number: int, of: Paper, quote: str, support: float = 1.0) -> Citation:
    """A citation of the first place where a quote stands."""
    start = of.abstract.index(quote)
    return Citation(number, of, quote, start, start + len(quote), support)


def hit(rank: int, of: Paper) -> Hit:
    """A hit whose passage is the whole abstract."""
    passage = Passage(of.paper_id, 0, len(of.abstract), of.abstract)
    return Hit(rank=rank, paper=of, relevance=1 / rank, passage=passage)


def answer(text: str, citations: Sequence[Citation] = (), **fields: object) -> Answer:
    """An answer that is not refused."""
    told: dict[str, object] = {"refused": False, "question": "What?", "query": "What?"}
    return Answer(text=text, citations=tuple(citations), **told | fields)  # type: ignore[arg-type]


def listed(*days: str) -> tuple[Listing, ...]:
    """Listings on some days."""
    return tuple(Listing("trending", day) for day in days)


def sentence(text: str, *numbers: int, support: float = 1.0, reason: str = "") -> Sentence:
    """A sentence of an answer."""
    return Sentence(text, numbers, support, reason)
