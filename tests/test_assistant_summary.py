from dataclasses import replace

from assistant.evidence import Evidence
from assistant.summary import MAX_PAPERS, digest
from assistant.types import Citation, Paper, Sentence

_ABSTRACT = "The one sentence of it all."


def _evidence(name: str, strength: float) -> Evidence:
    return Evidence(Paper(name, f"On {name}", _ABSTRACT), 0, 27, strength, 0.5)


def test_each_paper_has_its_strongest_sentence_and_a_number() -> None:
    ranked = [_evidence("a", 1.0), _evidence("b", 0.9), _evidence("a", 0.8), _evidence("c", 0.1)]
    text, sentences, citations = digest("kites", ranked, 9)
    assert text == (
        "The nearest 2 papers of 9 on “kites”:\n\n"
        f"- **On a.** {_ABSTRACT} [1]\n"
        f"- **On b.** {_ABSTRACT} [2]"
    )
    assert sentences == [
        Sentence(f"{_ABSTRACT} [1]", (1,), 1.0),
        Sentence(f"{_ABSTRACT} [2]", (2,), 1.0),
    ]
    assert citations == [
        Citation(1, ranked[0].paper, _ABSTRACT, 0, 27, 1.0),
        Citation(2, ranked[1].paper, _ABSTRACT, 0, 27, 1.0),
    ]


def test_one_paper_bears_and_many_are_cut_at_the_limit() -> None:
    text, _, _ = digest("kites", [_evidence("a", 1.0)], 9)
    assert text.startswith("The nearest paper of 9 on “kites”:")
    _, _, citations = digest("kites", [_evidence(f"p{n}", 1.0) for n in range(30)], 99)
    assert len(citations) == MAX_PAPERS


def test_a_number_in_a_title_or_topic_is_no_citation() -> None:
    evidence = replace(_evidence("a", 1.0), paper=Paper("a", "Rethinking [1] and `b`", _ABSTRACT))
    text, _, _ = digest("pruning [1]", [evidence], 9)
    assert text.startswith(r"The nearest paper of 9 on “pruning \[1]”:")
    assert r"- **Rethinking \[1] and \`b\`.** " in text
