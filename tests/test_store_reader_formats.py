"""Tables, BibTeX, RIS, Atom feeds and saved web pages: the good is read, the broken named."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.readers import read_source, text
from store.readers.record import Record
from store.types import Listing, Rejection


def _read(path: Path, content: str | bytes) -> list[Record | Rejection]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read_source(path))


def _kite(source: str, line: int) -> Record:
    return Record(
        source=source,
        line=line,
        title="Kites over Glaciers",
        abstract="A kite maps a glacier; 50% of it & more.",
        listed=(Listing(source),),
        authors=("Ada Keel", "Bo Li"),
        published="2024-03-14",
        url="https://arxiv.org/abs/2403.01234v2",
        identifiers=("arxiv:2403.01234v2", "doi:10.5555/kite"),
    )


_URL = "https://arxiv.org/abs/2403.01234v2"
_CSV = f"""Title,Abstract Note,Author,Date,DOI,Url
Kites over Glaciers,A kite maps a glacier; 50% of it & more.,"Keel, Ada; Li, Bo",2024-03-14,\
https://doi.org/10.5555/kite,{_URL}
"""
_BIB = f"""% exported
@article{{keel2024,
  title = {{Kites over {{Glaciers}}}},
  abstract = {{A kite maps a glacier;
    50\\% of it \\& more.}},
  author = {{Keel, Ada and Bo Li}},
  date = {{2024-03-14}}, doi = {{10.5555/kite}}, url = {{{_URL}}}
}}
"""
_RIS = f"""TY  - JOUR
TI  - Kites over Glaciers
AB  - A kite maps a glacier; 50% of it & more.
AU  - Keel, Ada
AU  - Li, Bo
DA  - 2024/03/14/
DO  - 10.5555/kite
UR  - {_URL}
ER  -
"""
_ATOM = f"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Found</title>
<entry><id>{_URL}</id><title>Kites over
 Glaciers</title><summary>A kite maps a glacier; 50% of it &amp; more.</summary>
<author><name>Ada Keel</name></author><author><name>Bo Li</name></author>
<published>2024-03-14T17:00:00Z</published>
<doi xmlns="http://arxiv.org/schemas/atom">10.5555/kite</doi></entry></feed>
"""


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [("a.csv", _CSV, 2), ("a.bib", _BIB, 2), ("a.ris", _RIS, 1), ("a.xml", _ATOM, 3)],
    ids=["csv", "bibtex", "ris", "atom"],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_one_paper_is_the_same_from_every_format(
    tmp_path: Path, name: str, content: str, line: int, newline: str
) -> None:
    found = _read(tmp_path / name, content.replace("\n", newline))
    assert found == [_kite(name, line)]


@pytest.mark.parametrize(
    ("name", "bad", "good", "place", "reason"),
    [
        ("a.csv", 'Open,"never closed', "Bread,Labels tell.", 2, "is no row of a table"),
        ("a.csv", '=HYPERLINK("http://x"),Text.', "Bread,Labels tell.", 2, "formula"),
        ("a.csv", "Bread,Labels,tell.", "Bread,Labels tell.", 2, "3 cells for 2 columns"),
        ("a.csv", "Bread,", "Bread,Labels tell.", 2, "has no abstract"),
        (
            "a.bib",
            "@article{x, title={Broken {brace}, abstract={Text.}",
            "@article{y, title={Bread}, abstract={Labels tell.}}",
            1,
            "braces or quotes do not match",
        ),
        (
            "a.bib",
            "@article{x, title={No text}}",
            "@article{x, title={Bread}, abstract={Labels tell.}}",
            1,
            "'x' has no abstract",
        ),
        (
            "a.ris",
            "TI  - Typeless\nAB  - Text.\nER  - ",
            "TY  - JOUR\nTI  - Bread\nAB  - Labels tell.\nER  - ",
            1,
            "does not begin with 'TY  -'",
        ),
        (
            "a.ris",
            "TY  - JOUR\nTI  - No text",
            "TY  - JOUR\nTI  - Bread\nAB  - Labels tell.",
            1,
            "has no abstract",
        ),
    ],
)
def test_a_broken_record_is_named_and_the_next_one_read(
    tmp_path: Path, name: str, bad: str, good: str, place: int, reason: str
) -> None:
    header = "title,abstract\n" if name == "a.csv" else ""
    rejected, kept = _read(tmp_path / name, f"{header}{bad}\n{good}\n")
    assert isinstance(rejected, Rejection)
    assert (rejected.line, reason in rejected.reason) == (place, True), rejected
    assert isinstance(kept, Record)
    assert (kept.title, kept.abstract) == ("Bread", "Labels tell.")


def test_a_feed_that_breaks_off_keeps_what_was_whole(tmp_path: Path) -> None:
    whole = _ATOM.replace("</feed>", "<entry><title>Cut")
    kept, rejected = _read(tmp_path / "a.xml", whole)
    assert kept == _kite("a.xml", 3)
    assert isinstance(rejected, Rejection)
    assert rejected.reason.startswith("is no XML: ")
    assert rejected.line == whole.count("\n") + 1


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE b [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE b [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE b SYSTEM "http://127.0.0.1:9/x.dtd">',
    ],
    ids=["bomb", "file", "document type"],
)
def test_a_feed_that_declares_entities_is_not_read(tmp_path: Path, declared: str) -> None:
    content = _ATOM.replace("?>\n", f"?>\n{declared}\n", 1).replace("glacier;", "glacier &b;")
    (rejected,) = _read(tmp_path / "a.xml", content)
    assert isinstance(rejected, Rejection)
    assert "declares entities" in rejected.reason


@pytest.mark.parametrize(
    ("latex", "plain"),
    [
        (r"Gr{\"u}{\ss}e an {GPU}s", "Grüße an GPUs"),
        (r"100% raw and 5\% not, R&D #1", "100% raw and 5% not, R&D #1"),
        (r"from $5 to $6 million", "from $5 to $6 million"),
        (r"a cost of $20", "a cost of $20"),
        (r"$\alpha$-stable in $O(n^2)$", "\N{GREEK SMALL LETTER ALPHA}-stable in O(n^2)"),
    ],
)
def test_latex_is_read_as_it_would_be_printed(tmp_path: Path, latex: str, plain: str) -> None:
    (found,) = _read(tmp_path / "a.bib", f"@misc{{x, title={{T}}, abstract={{{latex}}}}}")
    assert isinstance(found, Record)
    assert found.abstract == plain


def test_bibtex_months_and_arxiv_numbers_count(tmp_path: Path) -> None:
    entry = (
        "@misc{x, title={T}, abstract={A.}, year=2024, month=mar,"
        " eprint={2403.01234}, archivePrefix={arXiv}}"
    )
    (found,) = _read(tmp_path / "a.bib", entry)
    assert isinstance(found, Record)
    assert (found.published, found.identifiers) == ("2024-03", ("arxiv:2403.01234",))


@pytest.mark.parametrize(
    ("cell", "authors"),
    [
        ("Keel, Ada", ("Ada Keel",)),
        ("Ada Keel and Bo Li", ("Ada Keel", "Bo Li")),
        ("Ada Keel, Cy Oh, and Bo Li", ("Ada Keel", "Cy Oh", "Bo Li")),
        ("Ada Keel, Cy Oh, Bo Li", ("Ada Keel", "Cy Oh", "Bo Li")),
    ],
)
def test_authors_of_a_cell_are_told_apart(
    tmp_path: Path, cell: str, authors: tuple[str, ...]
) -> None:
    (found,) = _read(tmp_path / "a.tsv", f"title\tabstract\tauthors\nT\tA.\t{cell}\n")
    assert isinstance(found, Record)
    assert found.authors == authors


def test_a_saved_page_gives_the_data_it_carries(tmp_path: Path) -> None:
    paper = {
        "id": "2403.01234",
        "title": "Kites over\nGlaciers",
        "summary": "A kite maps a glacier.",
        "authors": [{"name": "Ada Keel"}],
        "publishedAt": "2024-03-12T09:00:00.000Z",
        "submittedOnDailyAt": "2024-03-14T01:00:00.000Z",
    }
    props = json.dumps({"dailyPapers": [{"paper": paper, "title": "x", "summary": "y"}]})
    quoted = props.replace("&", "&amp;").replace('"', "&quot;")
    page = f'<html><head><title>Papers</title></head>\n<body><div data-props="{quoted}"></div>'
    assert _read(tmp_path / "a.html", page) == [
        Record(
            source="a.html",
            line=2,
            title="Kites over Glaciers",
            abstract="A kite maps a glacier.",
            listed=(Listing("trending", "2024-03-14"),),
            authors=("Ada Keel",),
            published="2024-03-12",
            url="https://huggingface.co/papers/2403.01234",
            identifiers=("arxiv:2403.01234",),
        )
    ]


def test_a_saved_page_without_data_gives_the_lines_it_shows(tmp_path: Path) -> None:
    page = """<html><head><title>no</title><script>var x = "<p>no</p>";</script></head><body>
<p>Get trending papers in your email inbox!</p><button>Subscribe</button>
<time>Mar 14</time><article><h3><a href="/papers/1">Kites <b>over</b> Glaciers</a></h3>
<p>A kite maps &lt;b&gt; a glacier,
again.</p></article></body></html>"""
    assert _read(tmp_path / "a.html", page) == [
        Record(
            source="trending",
            line=3,
            title="Kites over Glaciers",
            abstract="A kite maps <b> a glacier, again.",
            listed=(Listing("trending", "--03-14"),),
        )
    ]


@pytest.mark.parametrize("name", ["a.html", "a.json"])
def test_a_file_that_memory_should_not_hold_is_refused(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text, "MAX_WHOLE_BYTES", 1_000_000)
    (rejected,) = _read(tmp_path / name, "[" + " " * 2_000_000)
    assert rejected == Rejection(
        str(tmp_path / name),
        0,
        "has 2 MB and 1 are allowed of its kind; split it, or save it as JSON Lines",
    )


def test_a_line_without_end_is_passed_over(tmp_path: Path) -> None:
    good = '{"title": "Bread", "abstract": "Labels tell."}'
    rejected, kept = _read(tmp_path / "a.jsonl", "x" * 3_000_000 + f"\n{good}\n")
    assert isinstance(rejected, Rejection)
    assert (rejected.line, "1,000,000" in rejected.reason) == (1, True)
    assert isinstance(kept, Record)
    assert kept.line == 2


@pytest.mark.parametrize("name", ["a.html", "a.bib", "a.ris", "a.csv", "a.xml", "a.json", "a.txt"])
@given(
    content=st.one_of(
        st.binary(max_size=400),
        st.lists(
            st.sampled_from(
                [
                    *"{}@,=\"'<>&;\n\\%$#[]:-",
                    *("\r\n", "\x00", "é", "TY  - ", "ER  - ", "@article{x", "title", "abstract"),
                    *("<feed ", "<entry>", "</", "<!ENTITY", "data-props"),
                ]
            ),
            max_size=60,
        ).map(lambda parts: "".join(parts).encode()),
    )
)
def test_whatever_a_file_holds_it_is_read_or_named(
    tmp_path_factory: pytest.TempPathFactory, name: str, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("fuzz") / name
    for found in _read(path, content):
        assert isinstance(found, Record | Rejection)
        if isinstance(found, Rejection):
            assert found.source == str(path)
            assert found.reason
