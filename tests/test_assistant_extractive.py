import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.escaping import escaped, unescaped
from assistant.evidence import Evidence, rank_evidence
from assistant.extractive import (
    MAX_SENTENCES,
    choose,
    choose_each,
    cite,
    paragraphs,
    write,
)
from assistant.types import Citation, Hit, Paper, Passage, Sentence
from tests.test_assistant_evidence import FakeReader, hits_of

_A = Paper("a", "On A", "The first long sentence on ants. The second long sentence on ants.")
_B = Paper("b", "On B", "The only long sentence on bees.")
_A1 = Evidence(_A, 0, 32, 0.23, 0.5)
_A2 = Evidence(_A, 33, 66, 0.15, 0.5)
_B1 = Evidence(_B, 0, 31, 0.35, 0.5)


def ranked(*evidence: Evidence) -> list[Evidence]:
    return sorted(evidence, key=lambda each: -each.strength)


def test_the_more_probable_paper_comes_first_and_its_strongest_sentence_leads() -> None:
    assert choose(ranked(_A1, _A2, _B1)) == [_A1, _A2, _B1]
    stronger = replace(_A2, strength=0.2)
    weaker = replace(_A1, strength=0.19)
    assert choose(ranked(weaker, stronger, _B1)) == [stronger, weaker, _B1]
    assert choose(ranked(_A1, replace(_B1, strength=0.6))) == [replace(_B1, strength=0.6)]


def test_a_sure_paper_has_the_answer_to_itself() -> None:
    sure = replace(_A1, strength=0.4)
    assert choose(ranked(sure, _A2, replace(_B1, strength=0.3))) == [sure, _A2]


def test_weak_sentences_are_left_out_and_never_more_than_the_limit_chosen() -> None:
    assert choose(ranked(_A1, replace(_A2, strength=0.004))) == [_A1]
    assert choose(ranked(_A1, replace(_B1, strength=0.05))) == [_A1]
    assert choose([]) == []
    long = Paper("c", "On C", "A sentence of some length here. " * 9)
    many = [Evidence(long, n * 32, n * 32 + 31, 0.1, 0.5) for n in range(9)]
    assert choose(many) == many[:MAX_SENTENCES]
    assert choose(many, 5) == many[:5]
    weak = [replace(each, strength=0.001) for each in many]
    assert choose(weak) == weak[:1]


def listed(*papers: Paper) -> list[Hit]:
    return [
        Hit(rank, paper, 1 / rank, Passage(paper.paper_id, 0, 1, "T"))
        for rank, paper in enumerate(papers, start=1)
    ]


def test_of_papers_side_by_side_each_says_its_own() -> None:
    weak = replace(_A2, strength=0.004)
    assert choose_each(ranked(_A1, _A2, _B1), listed(_A, _B)) == [_A1, _A2, _B1]
    assert choose_each(ranked(_A1, weak, _B1), listed(_B, _A)) == [_B1, _A1]
    others = [Paper(f"p{n}", "Nothing", "") for n in range(3)]
    assert choose_each(ranked(_A1, _A2, _B1), listed(_A, _B, *others)) == [_A1, _B1]


def test_papers_side_by_side_stand_under_their_titles() -> None:
    pieces, sentences, citations = write(ranked(_A1, _A2, _B1), listed(_B, _A))
    assert "".join(pieces) == (
        "- **On B.** The only long sentence on bees. [1]\n"
        "- **On A.** The first long sentence on ants. [2] The second long sentence on ants. [3]"
    )
    assert [each.numbers for each in sentences] == [(1,), (2,), (3,)]
    assert [each.paper for each in citations] == [_B, _A, _A]


def test_papers_side_by_side_are_quoted_as_their_evidence_is_ranked_for_that() -> None:
    told = [replace(_A2, strength=0.9), replace(_A1, strength=0.1), _B1]
    _, _, citations = write(ranked(_A1, _A2, _B1), listed(_B, _A), told)
    assert [each.quote for each in citations] == [_B1.quote, _A2.quote]


def test_an_answer_from_one_paper_is_a_paragraph() -> None:
    pieces, sentences, citations = write(ranked(replace(_A2, strength=0.8), _A1))
    assert pieces == [
        "The second long sentence on ants. [1]",
        " The first long sentence on ants. [2]",
    ]
    assert [(each.number, each.start) for each in citations] == [(1, 33), (2, 0)]
    assert [each.text for each in sentences] == [piece.strip() for piece in pieces]


def test_scraps_are_left_out_where_there_is_more() -> None:
    scrap = Evidence(_A, 0, 9, 0.6, 0.9)
    assert choose([scrap, _A1]) == [_A1]
    assert choose([scrap]) == [scrap]


def test_each_sentence_gets_the_next_number() -> None:
    sentences, citations = cite([_A1, _B1])
    assert sentences == [
        Sentence("The first long sentence on ants. [1]", (1,), 1.0),
        Sentence("The only long sentence on bees. [2]", (2,), 1.0),
    ]
    assert citations == [
        Citation(1, _A, "The first long sentence on ants.", 0, 32, 1.0),
        Citation(2, _B, "The only long sentence on bees.", 0, 31, 1.0),
    ]
    assert list(paragraphs(sentences, citations)) == [
        "The first long sentence on ants. [1]",
        "\n\nThe only long sentence on bees. [2]",
    ]


def test_sentences_of_one_paper_share_a_paragraph() -> None:
    pieces = "".join(paragraphs(*cite([_A1, _A2, _B1])))
    assert pieces == (
        "The first long sentence on ants. [1] The second long sentence on ants. [2]"
        "\n\nThe only long sentence on bees. [3]"
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
