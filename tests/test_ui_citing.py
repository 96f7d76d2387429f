import re

import pytest

from tests.ui_papers import HOSTILE, Parsed, paper
from ui.citing import address_of, paper_as_markdown, render_acts


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({}, "Title 1"),
        ({"url": "https://x.example/1"}, "[Title 1](https://x.example/1)"),
        (
            {"authors": ("A. Mariner", "B. Gull"), "published": "2024-03", "url": "https://x.org/"},
            "A. Mariner, B. Gull (2024). [Title 1](https://x.org/)",
        ),
        ({"published": "2024"}, "(2024). Title 1"),
        ({"authors": ("A_B",), "title": "On [x]: 2 * 2"}, r"A\_B. On \[x\]: 2 \* 2"),
        ({"url": "https://x.org/a_(b)"}, "[Title 1](https://x.org/a_%28b%29)"),
    ],
)
def test_a_paper_is_a_line_of_references(fields: dict, line: str) -> None:
    assert paper_as_markdown(paper(1, **fields)) == line


@pytest.mark.parametrize(
    ("fields", "address"),
    [
        ({"url": "https://x.org/", "identifiers": ("arxiv:2403.01234",)}, "https://x.org/"),
        ({"identifiers": ("arxiv:2403.01234",)}, "https://arxiv.org/abs/2403.01234"),
        ({"identifiers": ("doi:10.1000/182",)}, "https://doi.org/10.1000/182"),
        ({"url": "javascript:alert(1)", "identifiers": ("doi:10.1/2",)}, "https://doi.org/10.1/2"),
        ({"url": "javascript:alert(1)"}, ""),
        ({"identifiers": ("doi:\"onmouseover=alert(1)'",)}, ""),
        ({"identifiers": ("isbn:1",)}, ""),
    ],
)
def test_a_paper_is_found_at_its_own_page_or_by_its_identifier(fields: dict, address: str) -> None:
    assert address_of(paper(1, **fields)) == address


def test_the_buttons_carry_what_they_copy() -> None:
    parsed = Parsed(render_acts(paper(1, authors=("A. Mariner",), published="2024")))
    assert re.findall(r"[A-Z][^A-Z]*", parsed.text)[:3] == [
        *("Ask about this paper", "More like this", "Cite")
    ]
    bibtex, markdown = [had["data-text"] for had in parsed.find("button", data_do="copy")]
    assert str(bibtex).startswith("@misc{p:1,")
    assert markdown == "A. Mariner (2024). Title 1"


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_papers_are_inert(hostile: str) -> None:
    of = paper(1, title=hostile, authors=(hostile,), published=hostile, url=hostile)
    parsed = Parsed(render_acts(of))
    assert {tag for tag, _ in parsed.tags} == {"div", "button", "details", "summary", "span"}
    assert not re.search(r"(?<!\\)[<\[`]", paper_as_markdown(of))
