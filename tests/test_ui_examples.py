import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Assistant
from tests.ui_papers import paper
from ui.examples import Example, make_examples
from ui.overview import overview_of

_TITLES = (
    "PaCA: Partial Connection Adaptation for Efficient Fine-Tuning of Giants",
    "Gradual Optimization for Conformational Energy Minimization",
    "Image Classification at Scale",
    "Robust Image Classification",
    "Graph Retrieval Revisited",
    "Dense Graph Retrieval",
)


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with Assistant(tmp_path_factory.mktemp("home")) as assistant:
        yield assistant


def test_examples_come_from_the_titles() -> None:
    papers = [paper(n, title=title, abstract="-") for n, title in enumerate(_TITLES)]
    assert make_examples(papers) == [
        Example("Answer", "What helps with conformational energy minimization?"),
        Example("Summarize", "Graph retrieval"),
        Example("Find", "Image classification"),
    ]


def test_a_named_method_is_asked_about_by_its_name() -> None:
    papers = [paper(1, title="PaCA: Partial Adaptation for Very Efficient Fine-Tuning")]
    assert make_examples(papers)[0] == Example(
        "Answer", "How does PaCA help with very efficient fine-tuning?"
    )


def test_a_name_keeps_the_capital_that_the_abstract_gives_it() -> None:
    papers = [paper(1, title="Sums for Bayesian Model Choice", abstract="We study Bayesian sums.")]
    assert make_examples(papers)[0].question == "What helps with Bayesian model choice?"


def test_the_order_of_the_papers_changes_nothing() -> None:
    papers = [paper(n, title=title) for n, title in enumerate(_TITLES)]
    assert make_examples(papers[::-1]) == make_examples(papers)


@pytest.mark.parametrize("title", ["", "?", "A: B", "<script> for <b>", "of " * 400, "X for Y"])
def test_titles_that_give_nothing_give_no_example(title: str) -> None:
    assert make_examples([paper(1, title=title)]) == []


def test_no_papers_give_no_examples(tmp_path: Path) -> None:
    with Assistant(tmp_path, starter=False) as assistant:
        overview = overview_of(assistant)
    assert (overview.n_papers, overview.days, overview.examples) == (0, "", ())


def test_the_starter_collection_answers_its_own_examples(starter: Assistant) -> None:
    overview = overview_of(starter)
    assert (overview.n_papers, overview.days) == (464, "Mar 11–14")
    assert overview.writer == "Extractive · offline"
    asked, also, topic, sought = overview.examples
    assert [each.mode for each in overview.examples] == [*("Answer", "Answer", "Summarize", "Find")]
    assert not any(starter.ask(each.question).refused for each in (asked, also))
    assert len(starter.summarize(topic.question).citations) > 3
    assert starter.search(sought.question)


def test_examples_change_with_the_papers_also_where_their_number_does_not(tmp_path: Path) -> None:
    with Assistant(tmp_path, starter=False) as assistant:
        for title in ("PaCA: Connection Adaptation of Giants", "LoKi: Local Kernels for Rivers"):
            assistant.remove(*[each.paper_id for each in assistant.papers()])
            record = {"title": title, "abstract": f"We study {title.lower()}."}
            (tmp_path / "one.jsonl").write_text(json.dumps(record))
            assistant.ingest(tmp_path / "one.jsonl")
            overview = overview_of(assistant)
            assert overview.n_papers == 1
            assert overview.examples[0].question.lower() in title.lower()


def test_the_page_is_told_while_vectors_are_still_to_come(
    starter: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert overview_of(starter).waiting == ""
    with monkeypatch.context() as behind:
        behind.setattr(starter, "encoded", lambda: (1_200, starter.count()))
        waiting = overview_of(starter).waiting
    assert waiting == "Searching by words; vectors for 1,200 of 464 papers are ready"
    assert overview_of(starter).waiting == ""
