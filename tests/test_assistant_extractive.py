import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evidence import Evidence, rank_evidence
from assistant.extractive import MAX_SENTENCES, choose, cite, escaped, paragraphs, unescaped
from assistant.types import Citation, Paper, Sentence
from tests.test_assistant_evidence import FakeReader, hits_of

_A = Paper("a", "On A", "The first long sentence of paper A. The second long sentence of paper A.")
_B = Paper("b", "On B", "The only long sentence of paper B.")
_A1 = Evidence(_A, 0, 35, 1.0, 0.5)
_A2 = Evidence(_A, 36, 72, 0.95, 0.5)
_B1 = Evidence(_B, 0, 34, 0.97, 0.5)


def test_sentences_stand_by_paper_in_the_order_of_the_abstract() -> None:
    assert choose([replace(_A2, strength=1.1), _A1, _B1]) == [
        _A1,
        replace(_A2, strength=1.1),
        _B1,
    ]
    assert choose([_B1, _A2, _A1]) == [_B1, _A1, _A2]


def test_weak_sentences_are_left_out_and_never_more_than_the_limit_chosen() -> None:
    assert choose([_A1, replace(_B1, strength=0.1)]) == [_A1]
    assert choose([]) == []
    long = Paper("c", "On C", "A sentence of some length here. " * 9)
    many = [Evidence(long, n * 32, n * 32 + 31, 1.0, 0.5) for n in range(9)]
    assert len(choose(many)) == MAX_SENTENCES
    assert choose(many, 5) == many[:5]


def test_scraps_are_left_out_where_there_is_more() -> None:
    scrap = Evidence(_A, 0, 9, 2.0, 0.9)
    assert choose([scrap, _A1]) == [_A1]
    assert choose([scrap]) == [scrap]


def test_each_sentence_gets_the_next_number() -> None:
    sentences, citations = cite([_A1, _B1])
    assert sentences == [
        Sentence("The first long sentence of paper A. [1]", (1,), 1.0),
        Sentence("The only long sentence of paper B. [2]", (2,), 1.0),
    ]
    assert citations == [
        Citation(1, _A, "The first long sentence of paper A.", 0, 35, 1.0),
        Citation(2, _B, "The only long sentence of paper B.", 0, 34, 1.0),
    ]
    assert list(paragraphs(sentences, citations)) == [
        "The first long sentence of paper A. [1]",
        "\n\nThe only long sentence of paper B. [2]",
    ]


def test_sentences_of_one_paper_share_a_paragraph() -> None:
    pieces = "".join(paragraphs(*cite([_A1, _A2, _B1])))
    assert pieces == (
        "The first long sentence of paper A. [1] The second long sentence of paper A. [2]"
        "\n\nThe only long sentence of paper B. [3]"
    )


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("As in [1] and [2, 3].", r"As in \[1] and \[2, 3]."),
        ("See [4-6], [7–9], [ 10 ; 11 ].", r"See \[4-6], \[7–9], \[ 10 ; 11 ]."),
        ("Nested [[1]].", r"Nested [\[1]]."),
        ("x[1] and a[i].", r"x\[1] and a[i]."),
        ("A [note] and [2a].", "A [note] and [2a]."),
        ("Two\nlines.", "Two lines."),
    ],
)
def test_an_abstracts_own_numbers_do_not_read_as_citations(quote: str, text: str) -> None:
    assert escaped(quote) == text


_SIGNS = st.sampled_from(
    [
        *("[1]", "[99]", "[0]", "[1, 2]", "[1-3]", "[[1]]", "[", "]", "1", "【1】", "[2023]"),
        *(" ", ". ", "\n", "\r\n", "Word", "words follow here", "😀", "e\u0301", "שלום", "$x[1]$"),
    ]
)


@given(st.lists(st.lists(_SIGNS, min_size=1, max_size=12).map("".join), min_size=1, max_size=4))
def test_numbers_run_from_1_and_quotes_are_verbatim_whatever_the_abstracts(
    abstracts: list[str],
) -> None:
    hits = hits_of(*(abstract for abstract in abstracts if abstract.strip()))
    sentences, citations = cite(
        choose(rank_evidence("words follow", "words follow", hits, FakeReader()))
    )
    text = "".join(paragraphs(sentences, citations))
    shown = [int(number) for number in re.findall(r"(?<!\\)\[(\d+)\]", text)]
    assert shown == [citation.number for citation in citations] == [*range(1, len(citations) + 1)]
    assert [sentence.numbers for sentence in sentences] == [(number,) for number in shown]
    for citation in citations:
        assert citation.quote == citation.paper.abstract[citation.start : citation.end]
        assert citation.quote == citation.quote.strip() != ""
        assert citation.support == 1.0


@given(st.text())
def test_what_is_escaped_is_unescaped_to_the_same(text: str) -> None:
    line = " ".join(text.split("\n"))
    assert unescaped(escaped(text)) == line


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("We use ``pre-training'' and `x`.", r"We use \`\`pre-training'' and \`x\`."),
        ("From 2**3 to 4**5.", r"From 2\*\*3 to 4\*\*5."),
        ("# no heading", r"\# no heading"),
        ("1. no list", r"1\. no list"),
        ("- no item", r"\- no item"),
        ("![i](http://a) <img src=x>", r"\![i\](http://a) \<img src=x>"),
        (r"\[x^2\] and \[1]", r"\\[x^2\\] and \\\[1]"),
        ("p < 0.05, x_i and $y$ stay", "p < 0.05, x_i and $y$ stay"),
    ],
)
def test_what_markdown_would_change_is_escaped(quote: str, text: str) -> None:
    assert escaped(quote) == text
