import pytest

from assistant.evidence import Evidence
from assistant.excerpts import without_lead_ins
from assistant.extractive import cite
from assistant.types import Paper
from store.sentences import sentence_spans


def evidence(abstract: str, paper_id: str = "p") -> list[Evidence]:
    """All sentences of an abstract."""
    paper = Paper(paper_id, "A title", abstract)
    return [Evidence(paper, *span, 0.5, 0.5) for span in sentence_spans(abstract)]


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("In this paper, we tap violins.", "…we tap violins."),
        ("In this work we tap violins.", "…we tap violins."),
        ("However, varnish ages.", "…varnish ages."),
        ("More specifically, varnish ages.", "…varnish ages."),
        ("To this end, we tap violins.", "…we tap violins."),
        ("As a result, waste fell by a third.", "…waste fell by a third."),
        ("In this paper.", "In this paper."),
        ("However hard we tap, varnish ages.", "However hard we tap, varnish ages."),
        ("First results show that varnish ages.", "First results show that varnish ages."),
        ("In violins, varnish ages.", "In violins, varnish ages."),
        ("Varnish ages, however, slowly.", "Varnish ages, however, slowly."),
        ("Surprisingly, varnish ages.", "Surprisingly, varnish ages."),
    ],
)
def test_lead_ins_that_say_nothing_are_left_out(sentence: str, shown: str) -> None:
    (sentences, (citation,)) = cite(without_lead_ins(evidence(sentence)))
    assert [each.text for each in sentences] == [f"{shown} [1]"]
    assert citation.quote == sentence[citation.start : citation.end] == shown.lstrip("…")
    assert citation.support == 1.0


def test_a_lead_in_stays_behind_the_sentence_it_leads_on_from() -> None:
    first, second, third = evidence("Varnish ages. However, wood does not. Thus, we tap wood.")
    assert without_lead_ins([first, second]) == [first, second]
    shown = [each.quote for each in without_lead_ins([second, first, third])]
    assert shown == ["wood does not.", "Varnish ages.", "we tap wood."]
    (other,) = evidence("However, moss grows.", "q")
    assert [each.quote for each in without_lead_ins([first, other])] == [
        "Varnish ages.",
        "moss grows.",
    ]
    assert without_lead_ins([]) == []
