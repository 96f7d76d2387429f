from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest

from assistant.chain import answer_events
from assistant.comparing import Beside, could_compare, joined, side_by_side, those_named
from assistant.comparing.candidates import candidates, with_titles
from assistant.comparing.deciding import (
    BELONGS,
    LIKELY,
    MIN_PERHAPS,
    compares,
    likeliest,
    may_compare,
    those_that_belong,
)
from assistant.comparing.telling import told_beside
from assistant.comparing.types import Candidate
from assistant.comparing.wording import sides, weights_of
from assistant.evidence import Evidence
from assistant.types import Answer, Filters, Finished, Hit, Paper, Passage, Retrieved
from store.collection import Collection
from store.encoders import DEFAULT_ENCODER, Vectors, load_encoder
from tests.papers import write_papers


class Words:
    """Reads every word as a term, each as rare as any; vectors of "kite" and "moss"."""

    def terms(self, text: str) -> list[str]:
        return [word.strip(".,;:?!").lower() for word in text.split()]

    def rarity(self, term: str) -> float:
        return 2.0 if term else 1.0

    def encode(self, texts: Sequence[str]) -> Vectors:
        rows = [[float("kite" in text), float("moss" in text), 0.1] for text in texts]
        return np.array([row / np.linalg.norm(row) for row in np.array(rows)], np.float32)

    def sentence_vectors(self, paper_ids: Sequence[str]) -> Mapping[str, Vectors]:
        return {name: self.encode([name]) for name in paper_ids if name != "unread"}


def hit(name: str, rank: int, relevance: float, title: str = "") -> Hit:
    """A hit on a paper."""
    paper = Paper(name, title or name, f"On {name}.")
    return Hit(rank, paper, relevance, Passage(name, 0, 5, "On"))


def found(*names: str) -> list[Hit]:
    """Hits on papers, most relevant first."""
    return [hit(name, rank, 0.9 - rank / 10) for rank, name in enumerate(names, start=1)]


def ids(hits: Sequence[Hit]) -> list[str]:
    assert [each.rank for each in hits] == [*range(1, len(hits) + 1)]
    return [each.paper.paper_id for each in hits]


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("kites vs. balloons, mapping glaciers?", ["kites", "balloons", "mapping glaciers"]),
        ("moss rather than lichen", ["moss rather", "lichen"]),
        ("kites versus kites", ["kites"]),
        ("glacier maps", ["glacier maps"]),
        (
            "glacier maps: kites or balloons?",
            ["glacier maps", "glacier maps: kites", "glacier maps: balloons"],
        ),
        ("kites or balloons: glacier maps?", ["kites", "balloons", "glacier maps"]),
        ("?, : or", []),
        (
            "a1, b2, c3 c, d4 d, e5, f6 f, g7 g, h8 h",
            ["a1", "c3 c", "d4 d", "f6 f", "g7 g", "h8 h"],
        ),
    ],
)
def test_a_question_is_cut_where_its_sides_meet(question: str, parts: list[str]) -> None:
    assert sides(question, Words()) == parts


def test_a_part_that_only_asks_is_no_side() -> None:
    class Common(Words):
        def rarity(self, term: str) -> float:
            return 0.02 if term in ("who", "wins") else 2.0

    assert sides("kites vs balloons, who wins", Common()) == ["kites", "balloons"]


@pytest.mark.parametrize(
    ("question", "may"),
    [
        ("Which papers map glaciers?", True),
        ("How do kites differ?", True),
        ("kites: are they better?", True),
        ("How do kites map glaciers?", False),
        ("With kites, how are glaciers mapped?", False),
    ],
)
def test_only_what_its_words_allow_is_looked_at_closely(question: str, may: bool) -> None:
    assert could_compare(question) is may


def looked_at() -> dict[str, Candidate]:
    question, words = "kite maps or moss clocks", Words()
    parts = [("kite maps", found("kite", "map")), ("moss clocks", found("moss", "unread", "kite"))]
    hits = [hit("kite", 1, 0.8), hit("moss", 2, 0.5)]
    some = candidates(question, weights_of(question, words), hits, parts, words)
    return {each.hit.paper.paper_id: each for each in some}


def test_what_any_side_found_is_a_candidate_and_the_whole_questions_hits_are_first() -> None:
    some = looked_at()
    assert list(some) == ["kite", "moss", "map", "unread"]
    assert [each.hit.relevance for each in some.values()] == [0.8, 0.5, 0.7, 0.7]
    assert some["moss"].terms == {"moss", "on"}


def test_a_candidate_is_measured_beside_the_whole_question_and_its_best_side() -> None:
    some = looked_at()
    features = {name: each.features for name, each in some.items()}
    assert features["kite"]["behind"] == 0.0
    assert features["moss"]["behind"] == pytest.approx(-np.log(4))
    assert features["map"]["behind"] == pytest.approx(-np.log(4) - 0.5)
    assert features["kite"]["sides"] == 2
    assert features["kite"]["lead in a side"] == pytest.approx(np.log(4) - np.log(7 / 3))
    assert features["map"]["lead in a side"] == pytest.approx(np.log(7 / 3) - np.log(4))
    assert features["moss"]["share of a side"] == pytest.approx(0.5)
    assert features["moss"]["title"] == pytest.approx(features["kite"]["title"])
    assert features["map"]["title"] == 0.0  # "maps" is another word here
    assert features["unread"]["closeness"] == features["unread"]["likeness"] == 0.0
    assert features["kite"]["closeness"] > features["map"]["closeness"]


def test_titles_are_measured_beside_the_whole_question_and_the_side_they_are_nearest_to() -> None:
    some = [looked_at()[name] for name in ("map", "kite", "moss")]
    titled = with_titles("kite maps or moss clocks", ["kite maps", "moss clocks"], some, Words())
    whole = [each.features["title's closeness"] for each in titled]
    side = [each.features["title's closeness to a side"] for each in titled]
    assert sum(whole) == pytest.approx(0.0)
    assert whole[0] < whole[1] == pytest.approx(whole[2])
    assert side[0] < 0 < side[1] == pytest.approx(side[2])
    assert titled[0].features["title"] == some[0].features["title"]
    assert with_titles("kite maps", [], [], Words()) == []
    alone = with_titles("kite maps", [], some, Words())
    assert {each.features["title's closeness to a side"] for each in alone} == {0.0}


def candidate(name: str, belongs: float, learned: Mapping[str, float] = LIKELY) -> Candidate:
    """A paper that belongs to the answer with such log-odds."""
    features = dict.fromkeys(BELONGS, 0.0)
    features["likeness"] = (belongs - learned[""]) / learned["likeness"]
    return Candidate(hit(name, 1, 0.5), features, frozenset({name}))


def test_those_that_belong_are_two_to_eight_the_most_probable_first() -> None:
    some = [candidate(f"{n}", n / 10, BELONGS) for n in range(10)]
    names = [each.hit.paper.paper_id for each in those_that_belong(some)]
    assert names == ["9", "8", "7", "6", "5", "4", "3", "2"]
    unlikely = [
        candidate(name, odds, BELONGS) for name, odds in zip("abc", (-9, -7, -8), strict=True)
    ]
    assert [each.hit.paper.paper_id for each in those_that_belong(unlikely)] == ["b", "c"]


def test_only_the_likeliest_papers_titles_are_encoded() -> None:
    some = [candidate(f"{n:02}", n / 10) for n in range(20)]
    names = [each.hit.paper.paper_id for each in likeliest(some)]
    assert names == [f"{n:02}" for n in range(19, 3, -1)]


def test_a_question_compares_the_more_the_more_its_words_say_so_and_two_papers_belong() -> None:
    weights = dict.fromkeys("xyz", 0.5)
    two = [candidate("x", 2.0), candidate("y", 1.0), candidate("z", -5.0)]
    one = [candidate("x", 2.0), candidate("y", -5.0), candidate("z", -5.0)]
    plain, asked = "kites, moss maps?", "papers: kites or moss?"
    assert compares(asked, weights, two) > compares(plain, weights, two)
    assert compares(asked, weights, two) > compares(asked, weights, one)
    assert compares(asked, weights, two[:1]) == -np.inf


def test_where_one_paper_has_all_words_the_rest_must_be_surer() -> None:
    weights = {"x": 0.5}
    all_of_it, other = candidate("x", 2.0), candidate("y", 1.0)
    alone = compares("kites or moss?", weights, [all_of_it, other])
    several = compares("papers on kites or moss?", weights, [all_of_it, other])
    adds = compares("kites or moss?", {"y": 0.5}, [all_of_it, other])
    assert alone < min(several, adds) - 1


def test_the_parts_of_a_question_are_searched_for_only_where_its_hits_leave_it_open() -> None:
    def never(part: str) -> Sequence[Hit]:
        raise AssertionError(part)

    question = "kites, moss, maps and glaciers of the north, seen from afar by whom and when?"
    clear = [hit("kite", 1, 0.99), hit("moss", 2, 0.1), hit("map", 3, 0.1)]
    assert side_by_side(question, clear, never, Words()) == Beside()
    weights = weights_of(question, Words())
    assert not may_compare(question, weights, clear)
    assert may_compare("papers: kites or moss?", weights, found("kite", "moss", "map"))


def test_papers_that_are_named_are_found_again_in_the_order_of_the_question() -> None:
    kite, moss, rocket = (each.paper for each in found("kite", "moss", "rocket"))
    shelf = {"kite": found("kite", "moss"), "moss": found("moss", "bread"), "rocket": []}
    beside = those_named([moss, kite, rocket], found("bread", "kite"), shelf.__getitem__)
    assert ids(beside.hits) == ["kite", "moss"]
    assert beside.sure
    assert those_named([moss, rocket], [], shelf.__getitem__) == Beside()


def test_hits_are_followed_by_others_that_are_not_among_them() -> None:
    assert ids(joined(found("a", "b"), found("b", "c"))) == ["a", "b", "c"]
    assert joined([], []) == []


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    folder = tmp_path_factory.mktemp("comparing")
    collection = Collection(folder / "home", load_encoder(DEFAULT_ENCODER), starter=False)
    collection.ingest([write_papers(folder / "papers.jsonl")])
    yield collection
    collection.close()


def asked(collection: Collection, question: str) -> tuple[Retrieved, Answer]:
    retrieved, *_, last = answer_events(collection, question, (), 8, Filters())
    assert isinstance(retrieved, Retrieved)
    assert isinstance(last, Finished)
    return retrieved, last.answer


_KITES, _MOSS = "Glacier Tongues Seen from Kites", "Moss as a Clock for Abandoned Roofs"


@pytest.mark.parametrize(
    "question",
    [
        "kites for glaciers vs moss on roofs: how exact is each?",
        "How does mapping glaciers from a kite differ from dating roofs with moss?",
        "moss that dates a roof or a kite that maps a glacier, which papers are there?",
    ],
)
def test_each_side_of_a_comparison_is_cited(collection: Collection, question: str) -> None:
    retrieved, answer = asked(collection, question)
    cited = {citation.paper.title for citation in answer.citations}
    assert {_KITES, _MOSS} <= cited
    assert f"**{_KITES}.**" in answer.text
    assert {hit.paper.title for hit in retrieved.hits} >= cited


@pytest.mark.parametrize(
    "question",
    [
        "How often does a kite map a glacier tongue?",
        "How old is the varnish, and how many violins were tapped?",
        "Is sparse attention better than dense attention for whale song?",
    ],
)
def test_a_question_about_one_paper_is_answered_from_it_first(
    collection: Collection, question: str
) -> None:
    _, answer = asked(collection, question)
    assert not answer.text.startswith("- **")


def test_of_papers_side_by_side_sentences_come_first_that_say_what_is_found(
    collection: Collection,
) -> None:
    where = "The page for kites and glacier maps is on the network."
    finds = "We find that kites place the edge of a glacier within 12 cm of a survey on foot."
    paper = Paper("k", "Glacier Maps from Kites", f"Glaciers move. {where} {finds}")
    hits = [
        Hit(1, paper, 0.9, Passage("k", 0, len(paper.abstract), paper.abstract)),
        hit("moss", 2, 0.5),
    ]
    question = "kites or moss: glacier maps?"
    ranked = [
        Evidence(paper, 15, 15 + len(where), 0.5, 0.4),
        Evidence(paper, 16 + len(where), len(paper.abstract), 0.2, 0.4),
        Evidence(paper, 0, 14, 0.1, 0.1),
        Evidence(hits[1].paper, 0, 8, 0.2, 0.1),
    ]
    told = told_beside(question, ranked, hits, collection)
    kites = [each for each in told if each.paper == paper]
    assert [each.quote for each in kites] == [finds, where, "Glaciers move."]
    assert sum(each.strength for each in kites) == pytest.approx(0.8)
    assert [each.strength for each in told if each.paper != paper] == [pytest.approx(0.2)]
    assert told_beside(question, ranked, [], collection) == []
    bare = replace(hits[0], paper=Paper("none", "No Abstract", ""))
    assert told_beside(question, ranked, [bare], collection) == []


def test_where_several_are_only_perhaps_meant_a_paper_must_be_surer() -> None:
    some = [candidate(f"{n}", odds, BELONGS) for n, odds in enumerate((1.0, 0.0, -2.0, -9.0))]
    assert len(those_that_belong(some)) == 3
    assert len(those_that_belong(some, least=MIN_PERHAPS)) == 2


def test_a_question_that_finds_nothing_sets_nothing_side_by_side(collection: Collection) -> None:
    assert side_by_side("x or y", [], lambda _: [], collection) == Beside()
