"""Questions made of a collection."""

import re

from assistant.evaluation.cases import Case
from assistant.evaluation.known_items import known_items
from assistant.evaluation.measures import content_words
from store.sentences import sentence_spans
from store.spelling import edits
from store.types import Paper
from tests.papers import PAPERS

_TERMS = content_words()
_PAPERS = [Paper(f"p{at}", str(p["title"]), str(p["abstract"])) for at, p in enumerate(PAPERS)]
_SHARED = "We measure ropes and tides daily in harbours of"
_ALIKE = [
    Paper(f"a{at}", f"{name} Alone", f"{_SHARED} {name}z.")
    for at, name in enumerate(["Bryn", "Clun", "Dyfi", "Esky"])
]
_BY_TITLE = {paper.title: paper for paper in _PAPERS}


def _made(papers: list[Paper] = _PAPERS, n: int = 200, seed: int = 0) -> dict[str, list[Case]]:
    groups: dict[str, list[Case]] = {}
    for case in known_items(papers, _TERMS, n, seed):
        groups.setdefault(case.group, []).append(case)
    return groups


def test_each_paper_is_asked_for_once_in_one_of_four_ways() -> None:
    made = _made([*_PAPERS, *_ALIKE])
    asked = [case for group in ("title", "sentence", "slips", "vague") for case in made[group]]
    titles = sorted((paper.title,) for paper in [*_PAPERS, *_ALIKE])
    assert sorted(case.gold for case in asked) == titles
    assert {case.kind for case in asked} == {"question"}
    assert len({case.name for group in made.values() for case in group}) == 16 + 40 + 16


def test_a_title_is_asked_for_by_words_of_it() -> None:
    for case in _made()["title"]:
        title = re.findall(r"[\w-]+", case.gold[0].lower())
        asked = case.query.split()
        assert len(asked) == 3
        assert [word for word in title if word in asked] == asked
        assert case.evidence == ()


def test_a_sentence_is_asked_for_by_words_that_are_not_in_the_title() -> None:
    for case in _made()["sentence"]:
        paper = _BY_TITLE[case.gold[0]]
        (sentence,) = case.evidence
        assert sentence in [paper.abstract[a:b] for a, b in sentence_spans(paper.abstract)]
        assert len(case.query.split()) == 4
        assert not set(_TERMS(case.query)) & set(_TERMS(paper.title))
        assert set(_TERMS(case.query)) <= set(_TERMS(sentence))


def test_slips_are_in_words_of_the_sentence() -> None:
    slipped = 0
    for case in _made(seed=3)["slips"]:
        words = [word.lower() for word in re.findall(r"[\w-]+", case.evidence[0])]
        assert all(
            any(edits(asked, word, 1) <= 1 for word in words) for asked in case.query.split()
        )
        slipped += sum(asked not in words for asked in case.query.split())
    assert slipped >= 2


def test_vague_words_are_in_several_papers() -> None:
    (case,) = _made(_ALIKE)["vague"]
    asked = case.query.split()
    assert len(asked) == 4
    assert set(asked) < {"measure", "ropes", "tides", "daily", "harbours"}
    assert case.evidence == (f"{_SHARED} {case.gold[0][:4]}z.",)


def test_nobody_has_written_of_a_made_up_name() -> None:
    made = _made()["made-up name"]
    assert {case.kind for case in made} == {"unanswerable"}
    assert len(made) == len(_PAPERS)
    known = {term for p in _PAPERS for term in _TERMS(f"{p.title}. {p.abstract}")}
    for case in made:
        assert any(set(_TERMS(word)).isdisjoint(known) for word in case.query.split())
        assert known & set(_TERMS(case.query))


def test_everyday_questions_are_those_of_the_file() -> None:
    foreign = _made()["foreign"]
    assert len(foreign) == len({case.query for case in foreign}) == 40
    assert {case.kind for case in foreign} == {"unanswerable"}


def test_the_same_seed_gives_the_same_questions() -> None:
    assert _made(seed=1) == _made(seed=1)
    assert _made(seed=1)["title"] != _made(seed=2)["title"]


def test_so_many_papers_are_asked_for() -> None:
    made = _made(n=5)
    assert sum(len(made.get(group, ())) for group in ("title", "sentence", "slips", "vague")) == 5
    assert len(made["made-up name"]) == 1


def test_papers_with_little_text_are_asked_for_by_what_they_have() -> None:
    papers = [Paper("a", "Ten", ""), Paper("b", "of the", "It is."), Paper("c", "😀", "Short one.")]
    made = _made(papers)
    assert [(case.query, case.gold) for case in made["title"]] == [("ten", ("Ten",))]
    assert set(made) == {"title", "foreign", "made-up name"}
