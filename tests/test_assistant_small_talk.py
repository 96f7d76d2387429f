import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.small_talk import is_small_talk, reply
from assistant.types import Delta, Finished, Hit, Paper, Turn
from tests.ui_papers import listed, paper

_SHARED = Path(__file__).parents[2] / "shared"
_SAID: list[Turn] = [
    {"role": "user", "content": "What is PaCA?"},
    {"role": "assistant", "content": "A way to adapt. [1]"},
]


class Shelf:
    """A collection that is only looked at."""

    def __init__(self, *papers: Paper) -> None:
        self._papers = papers

    def count(self) -> int:
        return len(self._papers)

    def papers(self) -> tuple[Paper, ...]:
        return self._papers

    def search(self, query: str, k: int) -> list[Hit]:  # noqa: ARG002
        raise AssertionError("nothing is searched for")


@pytest.mark.parametrize(
    "said",
    [
        *("hi", "Hello there!", "thanks", "Thank you very much!", "ok, thanks", "good morning"),
        *("bye", "what can you do?", "Who are you?", "hey, what can you do for me?"),
        *("are you a bot?", "What does the collection cover?"),
    ],
)
@pytest.mark.parametrize("history", [[], _SAID], ids=["first", "later"])
def test_courtesies_and_questions_about_the_assistant_are_small_talk(
    said: str, history: list[Turn]
) -> None:
    assert is_small_talk(said, history)


@pytest.mark.parametrize(
    "said",
    [
        *("help", "what papers do you have on this?", "which papers?", "an example?"),
        *("What does this collection cover?", "how many papers are there?", "does it help?"),
    ],
)
def test_what_may_be_about_the_answer_before_is_small_talk_at_first_only(said: str) -> None:
    assert is_small_talk(said, [])
    assert not is_small_talk(said, _SAID)


@pytest.mark.parametrize(
    "said",
    [
        "what can you do to help overfitting?",
        "hi, what is LoRA?",
        "Thanks! And which dataset?",
        "help me with transformers",
        "which papers do you have on noisy labels?",
        "hi! how are you today?",
        "How are you?",
        "Tell me a joke",
        "what about the first?",
        "?!",
        "👋",
    ],
)
@pytest.mark.parametrize("history", [[], _SAID], ids=["first", "later"])
def test_whatever_else_is_asked_is_no_small_talk(said: str, history: list[Turn]) -> None:
    assert not is_small_talk(said, history)


def _asked() -> Iterator[str]:
    files = [_SHARED / "train" / "questions.jsonl", *(_SHARED / "eval" / "dev").glob("*.jsonl")]
    for path in filter(Path.exists, files):
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            yield from (
                [turn["user"] for turn in record["turns"]]
                if "turns" in record
                else [record["query"]]
            )


def test_no_question_about_papers_is_taken_for_small_talk() -> None:
    asked = list(_asked())
    if not asked:
        pytest.skip("../shared is not there")
    assert len(asked) > 5_000
    assert [each for each in asked if is_small_talk(each, []) or is_small_talk(each, _SAID)] == []


def test_a_reply_says_what_the_collection_holds_and_what_could_be_asked() -> None:
    titles = (
        "PaCA: Partial Adaptation for Very Efficient Tuning",
        "Sharp Minima for Large Batch Training",
        "FoCus: Attention for *Reading* Long Documents",
    )
    days = ("--03-11", "--03-13", "--03-14")
    papers = (
        paper(n, title=title, listed=listed(day))
        for n, (title, day) in enumerate(zip(titles, days, strict=True))
    )
    answer = reply("Thanks!", Shelf(*papers))
    assert answer.text == (
        "You are welcome. I answer questions from the abstracts of a collection of papers: each"
        " sentence shows what it rests on, and what no abstract says is refused. The collection"
        " holds 3 papers, listed Mar 11–14. Its titles speak of batch training, efficient tuning"
        " and long documents, among others.\n\nYou could ask:\n\n"
        "- How does PaCA help with very efficient tuning?\n"
        "- What helps with large batch training?"
    )
    assert (answer.kind, answer.refused, answer.query, answer.question) == (
        *("reply", False, "", "Thanks!"),
    )
    assert (answer.citations, answer.sentences, answer.nearest) == ((), (), ())


def test_an_empty_collection_is_said_to_be_empty() -> None:
    assert reply("who are you?", Shelf()).text == (
        "I answer questions about a collection of papers, and this one is empty: add some."
    )


def test_the_starter_collection_replies_without_a_search_and_answers_what_it_suggests(
    tmp_path: Path,
) -> None:
    with Assistant(tmp_path) as assistant:
        *deltas, finished = assistant.stream("What can you do?")
        suggested = [line[2:] for line in finished.answer.text.split("\n") if line[:2] == "- "]
        answers = [assistant.ask(question) for question in suggested]
    assert isinstance(finished, Finished)
    assert deltas == [Delta(finished.answer.text)]
    assert "The collection holds 464 papers, listed Mar 11–14." in finished.answer.text
    assert list(finished.answer.timings_s) == ["total"]
    assert len(answers) == 3
    assert [answer.kind for answer in answers] == ["answer"] * 3
