"""Any LlamaIndex LLM as the writer, by its own class of theirs."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from llama_index.core.llms import (
    ChatMessage,
    ChatResponse,
    CompletionResponse,
    CustomLLM,
    LLMMetadata,
)
from pydantic import PrivateAttr

from assistant import Assistant
from assistant.chat.model import LlamaIndexLLM
from assistant.errors import ChatModelError
from tests.chat_papers import GRAPH, QUESTION
from tests.chat_server import keys_of
from tests.papers import bundled_encoder, write_papers


class _Scripted(CustomLLM):
    """Cites the graph paper, and keeps what it was asked."""

    fails: bool = False
    after: int = 0
    _asked: list[Any] = PrivateAttr(default_factory=list)

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(model_name="scripted-llm", context_window=5000)

    def complete(self, *_: Any, **__: Any) -> CompletionResponse:
        raise AssertionError("it is streamed")

    def stream_complete(self, *_: Any, **__: Any) -> Any:
        raise AssertionError("it is asked in messages")

    def stream_chat(self, messages: Sequence[ChatMessage], **_: Any) -> Any:
        self._asked.append(messages)
        key = keys_of({"messages": [{"content": messages[-1].content}]})[GRAPH]
        said = ["Pre-training a graph network ", "pays off when the labels are few ", f"[{key}]."]
        for piece in said[: self.after or None]:
            yield ChatResponse(message=ChatMessage(role="assistant", content=""), delta=piece)
        if self.fails:
            raise RuntimeError("out of memory")


def _assistant(folder: Path, llm: CustomLLM) -> Assistant:
    made = Assistant(folder / "home", starter=False, encoder=bundled_encoder(), model=llm)
    folder.mkdir(exist_ok=True)
    made.ingest(write_papers(folder / "papers.jsonl"))
    return made


def test_an_llm_writes_as_an_endpoint_does(tmp_path: Path) -> None:
    llm = _Scripted()
    assert isinstance(llm, LlamaIndexLLM)
    with _assistant(tmp_path, llm) as assistant:
        assert assistant.model == "scripted-llm"
        assert assistant.models() == ["scripted-llm", "extractive"]
        answer = assistant.ask(QUESTION)
    assert answer.text == "Pre-training a graph network pays off when the labels are few [1]."
    assert (answer.model, answer.citations[0].paper.title) == ("scripted-llm", GRAPH)
    assert answer.tokens_in > 500, "estimated, where a model does not tell"
    (messages,) = llm._asked
    assert [message.role.value for message in messages] == ["system", "user"]


def test_an_llm_that_fails_is_told_and_what_it_said_is_kept(tmp_path: Path) -> None:
    with _assistant(tmp_path, _Scripted(fails=True)) as assistant:
        answer = assistant.ask(QUESTION)
        assert answer.incomplete == (
            "The chat model 'scripted-llm' failed with RuntimeError: out of memory"
        )
        assert answer.text.startswith("Pre-training a graph network pays off when the labels are")
    with (
        _assistant(tmp_path / "b", _Scripted(fails=True, after=-9)) as assistant,
        pytest.raises(ChatModelError, match="failed with RuntimeError: out of memory"),
    ):
        assistant.ask(QUESTION)


def test_an_llm_that_says_nothing_is_told(tmp_path: Path) -> None:
    with (
        _assistant(tmp_path, _Scripted(after=-9)) as assistant,
        pytest.raises(ChatModelError, match="gave an empty answer; try again"),
    ):
        assistant.ask(QUESTION)
