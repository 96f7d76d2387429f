"""Files that nobody should give, by kind, each with the good records that stand among the bad."""

import gzip
import io
import json
import os
import random
import socket
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import NamedTuple

__all__ = ["FORMS", "PERHAPS", "SOMEWHERE", "Case", "bad_files", "heavy_files"]

SOMEWHERE, PERHAPS = "somewhere", "perhaps"

_N_CUTS, _N_DAMAGED = 25, 25
_LONG_BYTES = 100_000_000
_NS = "http://www.w3.org/2005/Atom"
_SIGN = "Get trending papers in your email inbox!"


class Case(NamedTuple):
    """One bad source.

    Attributes:
        kind: What is bad about it.
        source: Its path.
        good: Titles of the records that must be stored.
        lines: Where something must be rejected, each once and nothing else, () for nowhere; or
            ``SOMEWHERE``, or ``PERHAPS``.
    """

    kind: str
    source: Path
    good: Sequence[str]
    lines: Sequence[int] | str


@dataclass(frozen=True)
class Form:
    """A format: what a file begins with, what parts its records, what ends it, and a record."""

    suffix: str
    head: str
    record: str
    between: str = "\n"
    tail: str = "\n"

    def good(self, title: str) -> str:
        """A record that is read."""
        return self.record.replace("TITLE", title).replace("ABSTRACT", f"{title} is told.")

    def file(self, records: Sequence[bytes]) -> bytes:
        """A file of some records."""
        return self.head.encode() + self.between.encode().join(records) + self.tail.encode()

    def lines(self, records: Sequence[bytes]) -> list[int]:
        """The line that each of them begins in."""
        befores = (
            self.file([*records[:n], b""]) if n else self.head.encode() for n in range(len(records))
        )
        return [before.removesuffix(self.tail.encode()).count(b"\n") + 1 for before in befores]


_PAPER = {"title": "TITLE", "summary": "ABSTRACT"}
_PROPS = escape(json.dumps({"dailyPapers": [{"paper": _PAPER}]}))
FORMS = {
    "jsonl": Form("jsonl", "", '{"title": "TITLE", "abstract": "ABSTRACT"}'),
    "json": Form("json", "[\n", '{"title": "TITLE", "abstract": "ABSTRACT"}', ",\n", "\n]\n"),
    "csv": Form("csv", "title,abstract\n", '"TITLE","ABSTRACT"'),
    "tsv": Form("tsv", "title\tabstract\n", "TITLE\tABSTRACT"),
    "bibtex": Form("bib", "", "@misc{key,\n title = {TITLE},\n abstract = {ABSTRACT}}"),
    "ris": Form("ris", "", "TY  - JOUR\nTI  - TITLE\nAB  - ABSTRACT\nER  - "),
    "atom": Form(
        "xml",
        f'<feed xmlns="{_NS}">\n',
        "<entry><title>TITLE</title><summary>ABSTRACT</summary></entry>",
        tail="\n</feed>\n",
    ),
    "html": Form(
        "html", "<html><body>\n", f'<div data-props="{_PROPS}"></div>', tail="\n</body></html>\n"
    ),
    "shown html": Form(
        "html",
        f"<html><body><p>{_SIGN}</p>\n",
        "<h3>TITLE</h3><p>ABSTRACT</p>",
        tail="\n</body></html>\n",
    ),
    "spaced page": Form("txt", f"{_SIGN}\n\nMar 14\n\n", "TITLE\n\nABSTRACT\n"),
    "dense page": Form("txt", f"{_SIGN}\nSubscribe", "TITLE\nABSTRACT"),
}
_LINEWISE = ("jsonl", "csv", "tsv", "bibtex", "ris", "spaced page", "dense page")
"""Forms in which a byte that is no text costs its own record alone."""

_BAD_RECORDS: dict[str, dict[str, Sequence[str]]] = {
    "no abstract": {
        "jsonl": ['{"title": "Bad"}', '{"title": "Bad", "abstract": " \\n "}'],
        "json": ['{"title": "Bad"}', '{"title": "Bad", "abstract": ""}'],
        "csv": ["Bad,", '"Bad","  "'],
        "tsv": ["Bad", "Bad\t "],
        "bibtex": ["@misc{bad, title = {Bad}}", "@misc{bad, title = {Bad}, abstract = {}}"],
        "ris": ["TY  - JOUR\nTI  - Bad\nER  - ", "TY  - JOUR\nTI  - Bad\nAB  - \nER  - "],
        "atom": ["<entry><title>Bad</title></entry>"],
    },
    "no title": {
        "jsonl": ['{"abstract": "Bad."}', '{"title": "\\u0000", "abstract": "Bad."}'],
        "json": ['{"abstract": "Bad."}'],
        "csv": [",Bad.", '"\v","Bad."'],
        "tsv": ["\tBad."],
        "bibtex": ["@misc{bad, abstract = {Bad.}}"],
        "ris": ["TY  - JOUR\nAB  - Bad.\nER  - "],
        "atom": ["<entry><summary>Bad.</summary></entry>"],
    },
    "wrong types": {
        form: [
            *("7", "null", "true", '"text"', "[]", "{}", '[{"title": "T"}]'),
            *(
                json.dumps({"title": "Bad", "abstract": "Bad."} | wrong)
                for wrong in (
                    {"title": 7},
                    {"title": ["Bad"]},
                    {"abstract": {"text": "Bad."}},
                    {"published": [2024]},
                    {"published": "one fine day"},
                    {"listed": "some day"},
                    {"listed": [{"source": "a", "day": "30 Feb 2024"}]},
                )
            ),
        ]
        for form in ("jsonl", "json")
    },
    "broken syntax": {
        "jsonl": ['{"title": "Bad", "abstract": "Bad.', "not JSON", '{"title": "Bad",}', "}{"],
        "json": ['{"title": "Bad", "abstract": "Bad.}', '{"title": "Bad",}', "not JSON", "{{"],
        "csv": ['"Bad,Bad.', '"Bad"x,"Bad."', "Bad,Bad.,too,many"],
        "tsv": ["Bad\tBad.\tmore", '"Bad\tBad.'],
        "bibtex": ["@misc{bad, title = {Bad, abstract = {Bad.}", "@misc{bad title Bad}"],
        "ris": ["TI  - Bad\nAB  - Bad.\nER  - ", "not RIS\nER  - "],
    },
    "formulas": {
        "csv": ['"=HYPERLINK(""http://x"")",Bad.', '"+cmd|calc",Bad.', 'Bad,"@SUM(A1)"'],
        "tsv": ["=1+SUM(A1)\tBad.", "-cmd|' /C calc'!A0\tBad."],
    },
    "too long": {
        name: [
            form.record.replace("TITLE", "Bad").replace("ABSTRACT", "x" * 20_001),
            form.record.replace("TITLE", "x" * 1_001).replace("ABSTRACT", "x" * 1_002),
        ]
        for name, form in FORMS.items()
        if name not in {"spaced page", "dense page", "shown html"}
    },
    "lone surrogates": {
        "jsonl": ['{"title": "Bad \\ud800", "abstract": "Bad."}'],
        "json": ['{"title": "Bad", "abstract": "Bad \\udfff"}'],
        "html": [
            f'<div data-props="{_PROPS}"></div>'.replace("TITLE", r"Bad \ud800"),
        ],
    },
    "deep nesting": {
        "jsonl": ["[" * 200_000, '{"a":' * 100_000 + "1" + "}" * 100_000],
        "json": ["[" * 200_000 + "]" * 200_000, '{"a":' * 100_000 + "1" + "}" * 100_000],
        "bibtex": [
            f"@misc{{bad, title = {{Bad}}, abstract = {{{'{' * 9_000}x{'}' * 9_000}}}}}",
            "@misc{bad, title = {Bad}, abstract = {" + "\\emph{" * 900 + "x" + "}" * 902,
        ],
    },
}
_GOOD = ("Good one", "Good two", "Good three")


def bad_files(folder: Path) -> Iterator[Case]:
    """Write the files that take no time, and name them."""
    yield from _among_good_ones(folder)
    yield from _spoilt_bytes(folder)
    yield from _other_encodings(folder)
    yield from _odd_but_read(folder)
    yield from _cut(folder)
    yield from _damaged_at_random(folder)
    yield from _nothing_in_it(folder)
    yield from _no_files(folder)
    yield from _packed(folder)
    yield from _entities(folder)


def _written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def _good(form: Form, tag: str) -> tuple[list[str], list[bytes]]:
    """Three good records with titles of their own."""
    titles = [f"{name} of {tag}" for name in _GOOD]
    return titles, [form.good(title).encode() for title in titles]


def _among(folder: Path, kind: str, name: str, at: int, bad: bytes) -> Case:
    """A bad record between good ones."""
    form, tag = FORMS[name], f"{kind} {name} {at}"
    titles, records = _good(form, tag)
    records.insert(1, bad)
    path = _written(folder, f"{tag}.{form.suffix}", form.file(records))
    return Case(kind, path, titles, [form.lines(records)[1]])


def _among_good_ones(folder: Path) -> Iterator[Case]:
    for kind, by_form in _BAD_RECORDS.items():
        for name, bad in by_form.items():
            for at, record in enumerate(bad):
                yield _among(folder, kind, name, at, record.encode())


def _spoilt_bytes(folder: Path) -> Iterator[Case]:
    """Bytes that are no UTF-8 in one record."""
    for name in _LINEWISE:
        for at, spoilt in enumerate([b"Bad \xe9\xff", b"Bad \xc3", b"\xed\xa0\x80 Bad"]):
            record = FORMS[name].record.encode()
            bad = record.replace(b"TITLE", spoilt).replace(b"ABSTRACT", b"A longer bad text.")
            yield _among(folder, "bytes that are no text", name, at, bad)


def _other_encodings(folder: Path) -> Iterator[Case]:
    """A whole file in another encoding."""
    for name, form in FORMS.items():
        content = form.file([form.good(f"Bäd {title}").encode() for title in _GOOD]).decode()
        for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp037"):
            path = folder / f"{name} {encoding}.{form.suffix}"
            path.write_bytes(content.encode(encoding))
            yield Case("UTF-16, UTF-32, EBCDIC", path, (), SOMEWHERE)


def _odd_but_read(folder: Path) -> Iterator[Case]:
    """Other line ends, a byte order mark, signs that are dropped, one paper twice: all read."""
    for name, form in FORMS.items():
        for kind, tag, change in (
            ("CR and CRLF line ends", "CR", lambda text: text.replace(b"\n", b"\r")),
            ("CR and CRLF line ends", "CRLF", lambda text: text.replace(b"\n", b"\r\n")),
            ("byte order mark", "BOM", lambda text: b"\xef\xbb\xbf" + text),
            ("no line end at the end", "end", bytes.rstrip),
        ):
            titles, records = _good(form, f"{name} {tag}")
            path = _written(folder, f"{name} {tag}.{form.suffix}", change(form.file(records)))
            yield Case(kind, path, titles, ())
        titles, records = _good(form, f"{name} twice")
        path = _written(folder, f"{name} twice.{form.suffix}", form.file(records * 2))
        yield Case("each record twice", path, titles, ())
    twice = b'{"title": "First", "title": "Good of two keys", "abstract": "a", "abstract": "b"}\n'
    path = _written(folder, "keys.jsonl", twice)
    yield Case("each record twice", path, ["Good of two keys"], ())
    odd = b'{"title": "Good \\u001b[31m of \\u0000 controls", "abstract": "\\u0007 told.\\u009b"}\n'
    path = _written(folder, "controls.jsonl", odd)
    yield Case("control characters", path, ["Good [31m of controls"], ())


def _cut(folder: Path) -> Iterator[Case]:
    """Files that end too early, at many places: what stands before the cut is read."""
    for name, form in FORMS.items():
        for n in range(_N_CUTS):
            titles, records = _good(form, f"cut {name} {n}")
            whole = form.file(records)
            at = len(whole) * (n + 1) // (_N_CUTS + 1)
            ends = [len(form.file(records[: i + 1])) - len(form.tail) for i in range(len(records))]
            good = [title for title, end in zip(titles, ends, strict=True) if end + 1 < at]
            path = _written(folder, f"cut {name} {n}.{form.suffix}", whole[:at])
            yield Case("cut short", path, good, PERHAPS)


def _damaged_at_random(folder: Path) -> Iterator[Case]:
    """Bytes changed, dropped and put in anywhere: nothing is promised but an end."""
    chance = random.Random(0)
    for name, form in FORMS.items():
        for n in range(_N_DAMAGED):
            _, records = _good(form, f"damaged {name} {n}")
            content = bytearray(form.file(records * 4))
            for _ in range(chance.randint(1, 30)):
                at, size = chance.randrange(len(content)), chance.randint(0, 8)
                signs = bytes(
                    chance.choice(b'{}[]"\\<>&,;\n\r\t\0@=%$\xff\x80a-') for _ in range(size)
                )
                content[at : at + chance.randint(0, 8)] = signs
            path = _written(folder, f"damaged {name} {n}.{form.suffix}", bytes(content))
            yield Case("damaged at random", path, (), PERHAPS)


def _nothing_in_it(folder: Path) -> Iterator[Case]:
    for name, form in FORMS.items():
        for tag, content in (
            ("empty", b""),
            ("blank", b" \n\n\t\r\n"),
            ("mark", b"\xef\xbb\xbf"),
            ("zeros", bytes(5_000)),
            ("random", random.Random(1).randbytes(5_000)),
        ):
            path = _written(folder, f"{name} {tag}.{form.suffix}", content)
            yield Case("empty or binary", path, (), SOMEWHERE)
    for name in ("photo.jpg", "paper.pdf", "notes.txt", "noname", "table.xlsx", "a.md"):
        yield Case("no format of ours", _written(folder, name, b"%PDF-1.7 \xe2\xe3"), (), [0])


def _no_files(folder: Path) -> Iterator[Case]:
    (folder / "a folder.jsonl").mkdir()
    os.mkfifo(folder / "a pipe.jsonl")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(folder / "s.jsonl"))
    (folder / "loop.jsonl").symlink_to("loop.jsonl")
    (folder / "nowhere.jsonl").symlink_to("missing")
    (folder / "unreadable.jsonl").symlink_to("/proc/self/mem")
    for name in ("a folder.jsonl", "a pipe.jsonl", "s.jsonl", "loop.jsonl", "nowhere.jsonl"):
        yield Case("no file", folder / name, (), [0])
    for name in ("unreadable.jsonl", "missing.jsonl", "x" * 300, "a\0b.jsonl", "d/../../e.jsonl"):
        yield Case("no file", folder / name, (), [0])
    for path in ("/dev/zero", "/dev/null", "/dev/tty", "/proc/self/mem"):
        yield Case("no file", Path(path), (), [0])
    bad = b"no JSON\n"
    for n, name in enumerate(
        ("new\nline", "\x1b[31mred", "back\rward", "\udcff", "<b>", "; rm -rf")
    ):
        record = FORMS["jsonl"].good(f"Good under odd name {n}").encode() + b"\n"
        path = _written(folder, f"{name}.jsonl", bad + record)
        yield Case("odd names", path, [f"Good under odd name {n}"], [1])
    (folder / "link.jsonl").symlink_to(path)
    yield Case("odd names", folder / "link.jsonl", [], [1])


def _packed(folder: Path) -> Iterator[Case]:
    """Archives, small ones that would be large: nothing is unpacked."""
    zeros = gzip.compress(bytes(50_000_000))
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.jsonl", bytes(50_000_000))
    for suffix in ("jsonl", "json", "csv", "bib", "ris", "xml", "html", "txt", "gz", "zip"):
        for kind, content in (("gz", zeros), ("zip", archive.getvalue())):
            yield Case("archives", _written(folder, f"{kind}.{suffix}", content), (), SOMEWHERE)


def _entities(folder: Path) -> Iterator[Case]:
    """XML that grows, or asks for other files."""
    entry = FORMS["atom"].good("Bad")
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    for n, declared in enumerate(
        (
            f'<!ENTITY a0 "ha">{laughs}',
            '<!ENTITY a9 SYSTEM "file:///etc/passwd">',
            '<!ENTITY a9 SYSTEM "http://127.0.0.1:9/">',
            '<!ENTITY % p SYSTEM "file:///etc/passwd">%p;',
            f'<!ENTITY a9 "{"x" * 100_000}">',
        )
    ):
        content = f"<!DOCTYPE feed [{declared}]>\n<feed xmlns='{_NS}'>{entry}&a9;</feed>"
        yield Case("entities", _written(folder, f"entity {n}.xml", content.encode()), (), [0])
    xinclude = f'<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>{entry}'
    content = f'<feed xmlns="{_NS}">{xinclude.replace("Bad", "Good beside include")}</feed>'
    path = _written(folder, "include.xml", content.encode())
    yield Case("entities", path, ["Good beside include"], ())


def heavy_files(folder: Path) -> Iterator[Case]:
    """Write files that are there to take time or memory, one after the other, and name them."""
    yield from _long_lines(folder)
    yield from _many_bad(folder)
    yield from _slow_to_parse(folder)


def _long_lines(folder: Path) -> Iterator[Case]:
    """One line, or one value, of 100 MB between good ones."""
    for name, form in FORMS.items():
        titles, records = _good(form, f"long {name}")
        begin, end = form.record.replace("TITLE", "Bad").encode().split(b"ABSTRACT")
        path = folder / f"long {name}.{form.suffix}"
        good = form.between.encode().join(records)
        with path.open("wb") as file:
            file.write(form.head.encode() + good + form.between.encode() + begin)
            for _ in range(_LONG_BYTES // 1_000_000):
                file.write(b"x" * 1_000_000)
            file.write(end + form.tail.encode())
        held = name in {"json", "html", "shown html"}
        yield Case("a value of 100 MB", path, () if held else titles, SOMEWHERE)
        path.unlink()


def _many_bad(folder: Path) -> Iterator[Case]:
    """A million lines, and nothing in them."""
    for name, form in FORMS.items():
        content = form.head.encode() + b"x\n" * 1_000_000
        path = _written(folder, f"lines {name}.{form.suffix}", content)
        yield Case("a million bad lines", path, (), SOMEWHERE)
        path.unlink()


def _slow_to_parse(folder: Path) -> Iterator[Case]:
    """What has taken parsers time out of proportion."""
    for name, head, sign, n in (
        ("quotes.csv", "title,abstract\n", '"x,y\n', 200_000),
        ("objects.json", "[", "[],", 5_000_000),
        ("nested.jsonl", '{"title": [', "[],", 330_000),
        ("openings.json", "[", '{"a":', 2_000_000),
        ("digits.json", "[", "1", 5_000_000),
        ("escapes.json", '["', "\\", 5_000_001),
        ("entries.bib", "", "@misc{a,\n", 200_000),
        ("braces.bib", "@misc{a, title = {", "{", 1_000_000),
        ("closing.bib", "@misc{a, title = {", "}", 1_000_000),
        ("strings.bib", "@misc{a, title = ", '"x" # ', 100_000),
        ("latex.bib", "@misc{a, title = {T}, abstract = {", "\\a{", 6_000),
        ("maths.bib", "@misc{a, title = {T}, abstract = {", "$x", 9_000),
        ("types.ris", "", "TY  - JOUR\n", 300_000),
        ("notes.ris", "TY  - JOUR\nTI  - T\n", "N1  - x\n", 2_000_000),
        ("elements.xml", f'<feed xmlns="{_NS}">', "<entry>", 1_000_000),
        ("authors.xml", f'<feed xmlns="{_NS}"><entry>', "<name>x</name>", 2_000_000),
        ("attribute.xml", f'<feed xmlns="{_NS}"><entry a="', "x", 30_000_000),
        ("comments.html", "<html>", "<!--", 450_000),
        ("tags.html", "<html>", "<a ", 600_000),
        ("ends.html", "<html>", "</", 1_000_000),
        ("declarations.html", "<html>", "<![", 600_000),
        ("signs.html", "<html>", "<", 1_000_000),
        ("references.html", "<html>", "&#", 1_000_000),
        ("scripts.html", "<html>", "<script>", 200_000),
        ("parts.html", "<html>", f"<i>{_SIGN}", 200_000),
    ):
        path = _written(folder, name, (head + sign * n).encode())
        yield Case("slow to parse", path, (), SOMEWHERE)
        path.unlink()
