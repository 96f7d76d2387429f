import re
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Assistant
from assistant.evidence import Evidence
from assistant.refusal import (
    N_NEAREST,
    Bearing,
    answerable,
    as_typed,
    refusal,
    refusal_text,
    refuses,
)
from assistant.refusal.answerable import weights
from store.types import Hit, Paper, Passage

ENCODER = "mini3"

_GOOD = Bearing(
    encoder=ENCODER,
    nearest=0.7,
    closeness=0.7,
    others=0.5,
    matched=1.0,
    both=0.7,
    share=0.9,
    length=2.0,
    any_matched=True,
)
_BAD = Bearing(
    encoder=ENCODER,
    nearest=0.2,
    closeness=0.2,
    others=0.19,
    matched=0.2,
    both=0.04,
    share=0.1,
    length=2.0,
    lacking=0.75,
    lacking_name=0.75,
    any_matched=True,
    missing=("x",),
)


def test_what_is_near_and_known_is_answered_and_what_is_far_and_unknown_is_not() -> None:
    assert answerable(_GOOD) > 0.9
    assert answerable(_BAD) < 0.1
    assert not refuses(_GOOD)
    assert refuses(_BAD)


def test_a_question_of_which_no_near_paper_has_a_word_is_refused_however_near() -> None:
    assert answerable(replace(_GOOD, any_matched=False)) == 0.0
    assert refuses(Bearing())


def test_a_name_that_the_paper_lacks_makes_an_answer_less_probable() -> None:
    lacking = replace(_GOOD, lacking=0.75, lacking_name=0.75)
    assert answerable(lacking) < answerable(replace(lacking, lacking_name=0.0))


def test_a_follow_up_is_given_the_benefit_of_the_doubt() -> None:
    refused = [replace(_BAD, closeness=at / 100) for at in range(20, 100)]
    doubtful = max(filter(refuses, refused), key=answerable)
    assert answerable(doubtful) > weights(ENCODER).threshold / 2
    assert not refuses(replace(doubtful, follow_up=True))
    assert refuses(replace(_BAD, follow_up=True))


@given(st.lists(st.floats(-1.0, 3.0), min_size=9, max_size=9))
def test_a_probability_comes_of_any_measures(values: list[float]) -> None:
    measures = dict(zip(weights(ENCODER).measures, values, strict=True))
    stands = Bearing(encoder=ENCODER, any_matched=True, **measures)
    assert 0.0 <= answerable(stands) <= 1.0
    assert refuses(stands) == (answerable(stands) < weights(ENCODER).threshold)


@pytest.mark.parametrize("encoder", [ENCODER, "static-256", "somebody's own"])
def test_every_measure_has_a_weight(encoder: str) -> None:
    names = {field.name for field in fields(Bearing)} - {
        *("encoder", "any_matched", "looked_up", "follow_up", "missing", "missing_in_first")
    }
    assert set(weights(encoder).measures) == names
    assert 0.0 < weights(encoder).threshold < 1.0


def test_less_is_believed_of_an_encoder_that_is_not_known() -> None:
    near, far = replace(_GOOD, matched=0.3, both=0.21), replace(_GOOD, matched=0.3, closeness=0.2)
    known = answerable(near) - answerable(replace(far, both=0.06))
    assert weights("somebody's own") == weights("static-256") != weights(ENCODER)
    other = replace(near, encoder="x"), replace(far, both=0.06, encoder="x")
    assert known > answerable(other[0]) - answerable(other[1])


# --- what is said ---


def _hit(rank: int, abstract: str = "A.") -> Hit:
    paper = Paper(f"p{rank}", f"Title {rank}", abstract)
    return Hit(rank, paper, 0.5, Passage(paper.paper_id, 0, len(abstract), abstract))


@pytest.mark.parametrize(
    ("missing", "n_hits", "n_papers", "text"),
    [
        ((), 0, 0, "The collection is empty. Add papers to it, and ask again."),
        (("x",), 2, 0, "The collection is empty. Add papers to it, and ask again."),
        ((), 0, 9, "The collection does not answer this."),
        (
            ("Mongolia", "capital"),
            2,
            1_900,
            "The collection does not answer this. The 2 papers nearest to it, of 1,900, do not"
            " mention “Mongolia”, “capital”. Nearest:\n\n- **Title 1**\n- **Title 2**",
        ),
        (
            tuple("abcdefgh"),
            1,
            1,
            "The collection does not answer this. The paper nearest to it does not mention “a”,"
            " “b”, “c”, “d”, “e”, “f”. Nearest:\n\n- **Title 1**",
        ),
        (
            (),
            1,
            3,
            "The collection does not answer this. The paper nearest to it does not say it."
            " Nearest:\n\n- **Title 1**",
        ),
    ],
)
def test_a_refusal_says_what_was_not_found_and_what_comes_nearest(
    missing: tuple[str, ...], n_hits: int, n_papers: int, text: str
) -> None:
    assert refusal_text(missing, [_hit(rank + 1) for rank in range(n_hits)], n_papers) == text


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ((), "do not say it; the first of them does not mention “y”, “z”. Nearest:"),
        (("x",), "do not mention “x”. Nearest:"),
    ],
)
def test_where_other_papers_have_the_words_those_that_the_first_lacks_are_told(
    missing: tuple[str, ...], said: str
) -> None:
    text = refusal_text(missing, [_hit(1), _hit(2)], 9, missing_in_first=("y", "z"))
    assert text.split("\n")[0].endswith(said)


def test_the_nearest_papers_show_their_nearest_sentence_on_one_line_each() -> None:
    long = "An opening, " + "many words, " * 30 + "and an end."
    abstracts = (f"Far.\nNear [1] *sentence*. {long}", long, "B.", "C.", "D.")
    hits = [_hit(rank, abstract) for rank, abstract in enumerate(abstracts, start=1)]
    (first, second, third, fourth, _) = (hit.paper for hit in hits)
    ranked = [
        Evidence(fourth, 0, 2, 0.5, 0.9),
        Evidence(first, 0, 4, 0.3, 0.1),
        Evidence(first, 5, 25, 0.1, 0.4),
        Evidence(second, 0, len(long), 0.1, 0.3),
        Evidence(third, 0, 2, 0.0, -0.2),
    ]
    answer = refusal("Which whales?", "which whales", hits, ranked, _BAD, 464)
    lead, empty, *lines = answer.text.split("\n")
    assert lead == (
        "The collection does not answer this. The 5 papers nearest to it, of 464, do not mention"
        " “x”. Nearest:"
    )
    assert not empty
    assert lines[0] == r"- **Title 1**: Near \[1] \*sentence\*."
    assert re.fullmatch(r"- \*\*Title 2\*\*: An opening, .{100,140} words …", lines[1])
    assert lines[2:] == ["- **Title 3**: B."]
    assert (answer.refused, answer.kind, answer.n_near) == (True, "refusal", 5)
    assert (answer.question, answer.query) == ("Which whales?", "which whales")
    assert (answer.citations, answer.sentences) == ((), ())
    assert answer.nearest == tuple(hits[:N_NEAREST])
    assert answer.missing == ("x",)
    assert answer.answerable == answerable(_BAD)


@pytest.mark.parametrize(
    ("abstract", "read"),
    [
        ("A batch of moss, and an ensemble of ferns.", "Is BatchEnsemble good?"),
        ("We use a batch-ensemble of ferns.", "Is Batch Ensemble good?"),
        ("We use Batch Ensembles of ferns.", "Is Batch Ensemble good?"),
        ("We use BatchEnsemble.", "Is Batch Ensemble good?"),
    ],
)
def test_a_name_read_as_words_is_one_again_where_no_paper_has_these_side_by_side(
    abstract: str, read: str
) -> None:
    hit = Hit(1, Paper("a", "On Ferns", abstract), 0.5, Passage("a", 0, 1, "A"))
    mended = [("BatchEnsemble", "Batch Ensemble"), ("goood", "good")]
    assert as_typed("Is Batch Ensemble good?", mended, [hit]) == read


# --- through the chain ---


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with Assistant(tmp_path_factory.mktemp("home")) as assistant:
        yield assistant


@pytest.mark.parametrize(
    "question",
    [
        "Who wrote Pride and Prejudice?",
        "how do I fix a leaking kitchen tap?",
        "hi! how are you today?",
        "asdf qwer zxcv",
        "今天天气怎么样",
        "wie wird das Wetter morgen?",
        "q",
        "👋🎉",
        "?!…",
        "... --- ...",
        "what pass@1 does PaCA reach on HumanEval?",
        "Is BatchEnsemble or deep ensembles better calibrated?",
    ],
)
def test_what_no_abstract_tells_is_refused_with_the_nearest_papers(
    starter: Assistant, question: str
) -> None:
    answer = starter.ask(question)
    assert answer.kind == "refusal", answer.answerable
    assert (answer.citations, answer.sentences) == ((), ())
    assert len(answer.nearest) == N_NEAREST
    assert all(hit.paper.title[:20] in answer.text.replace("\\", "") for hit in answer.nearest)


def test_an_empty_collection_and_a_filter_that_nothing_passes_are_refused(tmp_path: Path) -> None:
    with Assistant(tmp_path, starter=False) as assistant:
        answer = assistant.ask("Which kites map glaciers?")
    assert answer.text == "The collection is empty. Add papers to it, and ask again."
    assert (answer.kind, answer.nearest, answer.answerable) == ("refusal", (), 0.0)


def test_where_no_paper_passes_a_filter_none_is_near(starter: Assistant) -> None:
    answer = starter.ask("How much memory does PaCA save?", source="nowhere")
    assert answer.text == "The collection does not answer this."
    assert (answer.kind, answer.nearest, answer.n_near) == ("refusal", (), 0)


@pytest.mark.parametrize("abstract", ["Kites map glaciers.", "Kites", "…"])
def test_a_collection_of_one_short_abstract_answers_or_refuses(
    tmp_path: Path, abstract: str
) -> None:
    source = tmp_path / "one.jsonl"
    source.write_text(f'{{"title": "Kites that map glaciers", "abstract": "{abstract}"}}')
    with Assistant(tmp_path / "home", starter=False) as assistant:
        assistant.ingest(source)
        answers = [assistant.ask(question) for question in ("kites map glaciers?", "bread?")]
    assert answers[1].kind == "refusal"
    assert answers[0].kind in ("answer", "refusal")
    assert all(hit.paper.abstract == abstract for hit in answers[1].nearest)
