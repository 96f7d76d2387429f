"""Summaries by a chat model: one call where the papers fit, a stated number where they do not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.chat.messages import NOT_THERE
from assistant.chat.summary import MAX_CALLS
from assistant.support import WEAK
from assistant.types import Delta, Finished, Reading, Retrieved
from tests.chat_papers import WHALE, chatting, saying
from tests.chat_server import Request, Script, keys_of
from tests.papers import write_papers

_ATLAS = "Whale Song Atlas: a Thousand Hours with Labels"
_SAID = (
    f"Whale song has a sparse model and an atlas {{{WHALE}}}{{{_ATLAS}}}.\n\n## Memory\n\n"
    f"- Sparse attention needs 3.2% of the memory {{{WHALE}}}.\n- Whales are fish."
)


def test_papers_that_fit_are_summarized_in_one_call(tmp_path: Path) -> None:
    with chatting(tmp_path, cache=False) as (assistant, server):
        server.always = saying(_SAID)
        events = list(assistant.stream_summary("whale song"))
        assert isinstance(events[0], Retrieved)
        assert isinstance(events[-1], Finished)
        answer = events[-1].answer
        assert "".join(each.text for each in events if isinstance(each, Delta)) == answer.text
        assert {citation.paper.title for citation in answer.citations} == {WHALE, _ATLAS}
        assert "\n\n## Memory\n\n- Sparse attention needs 3.2% of the memory [" in answer.text
        by_text = {each.text: each.support for each in answer.sentences}
        assert by_text["Whales are fish."] == 0.0
        assert max(by_text.values()) >= WEAK
        assert assistant.summarize("whale song").text == answer.text
        assert len(server.requests) == 2
        assert server.requests[0]["messages"][-1]["content"].endswith("Topic: whale song")
        assert assistant.summarize("Mongolian capital cities").refused
        assert len(server.requests) == 2, "nothing on the topic, no call"


def _herd(n: int) -> Iterator[dict[str, object]]:
    for number in range(n):
        yield {
            "title": f"Whale song of pod {number}",
            "abstract": f"We record whale song of pod {number}. Its songs last {number + 20}"
            f" minutes. {'Hydrophones of the pod hang below the ice in winter. ' * 14}",
        }


def test_more_papers_are_read_in_groups_of_a_number_that_is_told_before(tmp_path: Path) -> None:
    def noted(request: Request) -> list[str]:
        if "You take notes" not in request["messages"][0]["content"]:
            keys = list(keys_of(request).values())
            return [f"Songs of pods were recorded [{keys[0]}]."]
        return [
            line
            for title, key in keys_of(request).items()
            for line in (
                f"Its songs last {int(title.split()[-1]) + 20} minutes [{key}].\n",
                f"Its songs last 999 minutes [{key}].\n",
            )
        ]

    with chatting(tmp_path, cache=False) as (assistant, server):
        assistant.ingest(write_papers(tmp_path / "herd.jsonl", _herd(16)))
        server.always = Script(noted)
        events = list(assistant.stream_summary("whale song of pods", k=16))
        readings = [event for event in events if isinstance(event, Reading)]
        n_calls = readings[0].n_calls
        assert readings == [Reading(done, n_calls) for done in range(n_calls)]
        assert 2 < n_calls == len(server.requests) <= MAX_CALLS
        last = server.requests[-1]["messages"]
        assert "You summarize" in last[0]["content"]
        assert last[1]["content"].count("\nNotes: Its songs last") >= 10
        assert "999" not in last[1]["content"], "what an abstract does not carry is no note"
        assert isinstance(events[-1], Finished)
        assert events[-1].answer.tokens_in == 321 * n_calls


def test_a_model_that_finds_nothing_on_a_topic_refuses(tmp_path: Path) -> None:
    with chatting(tmp_path, cache=False) as (assistant, server):
        server.always = Script((NOT_THERE,))
        answer = assistant.summarize("whale song")
        assert (answer.refused, answer.citations) == (True, ())
        assert answer.text.startswith("The collection does not answer this.")


@pytest.mark.parametrize("said", ["Whales are fish.", "The song costs 400 dollars [ref0000]."])
def test_where_nothing_holds_the_papers_own_sentences_follow(tmp_path: Path, said: str) -> None:
    with chatting(tmp_path, cache=False) as (assistant, server):
        server.always = Script((said,))
        answer = assistant.summarize("whale song")
        assert "What the abstracts themselves say:" in answer.text
        assert {citation.paper.title for citation in answer.citations} >= {WHALE, _ATLAS}
        assert all(citation.support == 1.0 for citation in answer.citations)
