"""Replies kept in the home: used for the same prompt and for no other, and never in the way."""

import logging
from pathlib import Path

import pytest

from assistant.chat import kept
from assistant.chat.kept import KeptReplies
from assistant.chat.model import Message
from tests.chat_papers import GRAPH, QUESTION, chatting, saying
from tests.chat_server import Script
from tests.papers import write_papers

_GOOD = f"Pre-training a graph network pays off when the labels are few {{{GRAPH}}}."
_ASK = (Message("user", "Which moss?"),)


def test_the_same_prompt_is_not_paid_for_twice(tmp_path: Path) -> None:
    with chatting(tmp_path) as (assistant, server):
        server.always = saying(_GOOD)
        first, second = assistant.ask(QUESTION), assistant.ask(QUESTION)
        assert (first.cached, second.cached) == (False, True)
        assert (second.text, second.citations) == (first.text, first.citations)
        assert (first.tokens_in, second.tokens_in, second.tokens_out) == (321, 0, 0)
        assert len(server.requests) == 1
        assert assistant.ask(QUESTION, model="other-chat").cached is False
        assert assistant.ask(QUESTION, k=2).cached is False
        more = {"title": "Pre-training graph networks", "abstract": "It pays off with few labels."}
        assistant.ingest(write_papers(tmp_path / "more.jsonl", [more]))
        assert assistant.ask(QUESTION).cached is False, "the collection is another one"
        assert len(server.requests) == 4


def test_a_reply_is_written_anew_on_demand_and_replaces_what_was_kept(tmp_path: Path) -> None:
    with chatting(tmp_path) as (assistant, server):
        server.always = saying(_GOOD)
        assistant.ask(QUESTION)
        server.always = saying(f"Now: {_GOOD}")
        assert (anew := assistant.anew().ask(QUESTION)).text.startswith("Now: ")
        assert (anew.cached, len(server.requests)) == (False, 2)
        again = assistant.ask(QUESTION)
        assert (again.cached, again.text, len(server.requests)) == (True, anew.text, 2)
        assert assistant.anew().ask(QUESTION, model="extractive").model == "extractive"


def test_nothing_is_kept_where_that_is_turned_off(tmp_path: Path) -> None:
    with chatting(tmp_path, cache=False) as (assistant, server):
        server.always = saying(_GOOD)
        assert [assistant.ask(QUESTION).cached for _ in range(2)] == [False, False]
        assert len(server.requests) == 2
    assert not (tmp_path / "home" / "replies.sqlite3").exists()


@pytest.mark.parametrize(
    "script",
    [saying(_GOOD, finish="length"), saying(_GOOD, done=False), saying(_GOOD, finish=None)],
)
def test_half_a_reply_is_not_kept(tmp_path: Path, script: Script) -> None:
    with chatting(tmp_path) as (assistant, server):
        server.always = script
        assert [assistant.ask(QUESTION).cached for _ in range(2)] == [False, False]
        assert len(server.requests) == 2


def test_replies_differ_by_model_and_by_every_message(tmp_path: Path) -> None:
    replies = KeptReplies(tmp_path)
    assert replies.get("m", _ASK) is None
    assert not list(tmp_path.iterdir())
    replies.put("m", _ASK, "Roof moss")
    assert KeptReplies(tmp_path).get("m", _ASK) == "Roof moss"
    assert replies.get("n", _ASK) is None
    assert replies.get("m", (*_ASK, Message("user", ""))) is None
    assert replies.get("m", (Message("assistant", "Which moss?"),)) is None
    replies.put("m", _ASK, "Peat moss")
    assert replies.get("m", _ASK) == "Peat moss"


def test_the_longest_unused_give_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_MAX_REPLIES", 2)
    replies = KeptReplies(tmp_path)
    for name in ("a", "b"):
        replies.put(name, _ASK, name)
    assert replies.get("a", _ASK) == "a"
    replies.put("c", _ASK, "c")
    assert [replies.get(name, _ASK) for name in ("a", "b", "c")] == ["a", None, "c"]


def test_a_damaged_file_costs_a_request_and_a_line_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "replies.sqlite3").write_bytes(b"not a database at all" * 100)
    replies = KeptReplies(tmp_path)
    replies.put("m", _ASK, "Roof moss")
    assert replies.get("m", _ASK) is None
    assert "Replies cannot be kept in" in caplog.text
    assert caplog.records[0].levelno == logging.WARNING
