"""The assistant: what a Python program, the shell and the page all call."""

from collections.abc import Sequence
from copy import copy
from pathlib import Path

from assistant.answering import Answering
from assistant.chain import answer_events
from assistant.chat.model import LlamaIndexLLM, Stop
from assistant.chat.models import Models
from assistant.condense import checked_question
from assistant.counts import checked_k
from assistant.encoding import Given, chosen_encoder
from assistant.feedback import Feedback
from assistant.further import Further, further_questions
from assistant.library import Library
from assistant.mapping import CollectionMap, Maps
from assistant.settings import Settings
from assistant.topics.topic import topic_events
from assistant.types import Answer, Finished, Turn
from store.collection import Collection
from store.filters import make_filters

__all__ = ["Assistant"]

_N_PAPERS = 8


class Assistant(Library):
    """Questions of a collection of paper abstracts, answered with citations.

    One assistant serves many threads. Close it, or use it in a ``with`` statement.
    """

    def __init__(  # noqa: PLR0913 (the contract's constructor)
        self,
        home: str | Path | None = None,
        *,
        starter: bool = True,
        model: str | LlamaIndexLLM | None = None,
        base_url: str | None = None,
        api_key: str | None = None,
        encoder: Given = None,
        chroma_url: str | None = None,
        cache: bool = True,
    ) -> None:
        """Open a home folder, or make a new one.

        Args:
            home: The folder; else PAPER_ASSISTANT_HOME, else the user's data folder.
            starter: Whether a new home begins with the starter collection.
            model: A chat model's name at the endpoint, or a LlamaIndex LLM, to write answers.
            base_url: The chat model's endpoint.
            api_key: Its key.
            encoder: A name, a folder, "endpoint:MODEL" or an encoder (see README); else the home's.
            chroma_url: A Chroma server that keeps the papers; see docs/server.md.
            cache: Whether a chat model's replies are kept, and used for the same prompt again.

        Raises:
            AssistantError: A setting is unknown or makes no sense.
            StoreError: The home cannot be opened.
        """
        self.settings = Settings.read(
            home=home,
            model=model if isinstance(model, str) else None,
            base_url=base_url,
            api_key=api_key,
            encoder=encoder if isinstance(encoder, str) else None,
            chroma_url=chroma_url,
        )
        self._models = Models(self.settings, model, cache=cache)
        chosen, folder = chosen_encoder(encoder, self.settings), self.settings.home
        super().__init__(Collection(folder, chosen, starter=starter, server=self.settings.server))
        self.feedback, self.maps = Feedback(folder), Maps(self._collection, folder)

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        k: int | None = None,
        *,
        model: str | None = None,
        **filters: str | None,
    ) -> Answer:
        """Answer a question from the collection, or refuse.

        Args:
            question: In the user's own words.
            history: The turns before it, oldest first.
            k: Papers to take evidence from, 1 to 200; 8 unless given.
            model: Another of ``models()`` for this one answer.
            filters: As for ``search``.

        Raises:
            QuestionError: The question is empty or too long, or the history malformed.
            FilterError: A filter is unknown or no date.
            ChatModelError: The chat model does not answer.
        """
        for event in self.stream(question, history, k, model=model, **filters):
            if isinstance(event, Finished):
                return event.answer
        raise AssertionError("a stream ends with Finished")

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        k: int | None = None,
        *,
        model: str | None = None,
        **filters: str | None,
    ) -> Answering:
        """Answer a question as ``ask`` does, event by event.

        Returns:
            ``Retrieved``, then ``Delta`` after ``Delta``, then ``Finished`` with the answer that
            ``ask`` returns; small talk has no ``Retrieved``. Its ``close`` ends it from any thread,
            and with it what a chat model is being asked.
        """
        stop = Stop()
        events = answer_events(
            self._collection,
            checked_question(question),
            history,
            checked_k(_N_PAPERS if k is None else k),
            make_filters(filters),
            self._models.writer(model, stop),
        )
        return Answering(events, stop)

    def summarize(
        self,
        topic: str,
        k: int | None = None,
        *,
        model: str | None = None,
        **filters: str | None,
    ) -> Answer:
        """Say what the papers on a topic do and find, every sentence cited.

        Args:
            topic: A topic in a few words, or a question.
            k: Papers to cite at most, 1 to 200; those on the topic, up to 20, unless given.
            model: Another of ``models()`` for this one summary.
            filters: As for ``search``.

        Raises:
            QuestionError: The topic is empty or too long.
            FilterError: A filter is unknown or no date.
            ChatModelError: The chat model does not answer.
        """
        for event in self.stream_summary(topic, k, model=model, **filters):
            if isinstance(event, Finished):
                return event.answer
        raise AssertionError("a stream ends with Finished")

    def stream_summary(
        self,
        topic: str,
        k: int | None = None,
        *,
        model: str | None = None,
        **filters: str | None,
    ) -> Answering:
        """Summarize as ``summarize`` does, event by event; see ``stream``.

        A chat model that needs several calls tells of each in a ``Reading`` before the first word.
        """
        stop = Stop()
        topic, narrowed = checked_question(topic), make_filters(filters)
        k = None if k is None else checked_k(k)
        if writer := self._models.writer(model, stop):
            from assistant.chat.topic import told_events

            return Answering(told_events(self._collection, topic, k, narrowed, writer), stop)
        return Answering(topic_events(self._collection, topic, k, narrowed), stop)

    def further(
        self, answer: Answer, history: Sequence[Turn] = (), n: int = 3, **filters: str | None
    ) -> list[Further]:
        """Find questions to go on with, each of which the collection answers with something new.

        Args:
            answer: What was said last; nothing follows a refusal.
            history: The turns before it, oldest first.
            n: How many at most.
            filters: What the answer stayed within, as for ``search``.

        Returns:
            Questions, and topics to summarize, found without a chat model; often fewer than ``n``.
        """
        return further_questions(self._collection, answer, history, make_filters(filters), n)

    @property
    def model(self) -> str:
        """What writes the answers: a chat model's name, or "extractive"."""
        return self._models.name

    def models(self) -> list[str]:
        """What may write an answer: the assistant's own model, those of its endpoint, "extractive".

        Raises:
            ChatModelError: The endpoint does not list its models.
        """
        return self._models.listed()

    def anew(self) -> "Assistant":
        """The same assistant, whose chat model writes anew what was kept from before."""
        other = copy(self)
        other._models = self._models.anew()
        return other

    def map(self) -> CollectionMap:
        """Lay the papers out on a plane, near papers near, in themes; kept until they change."""
        return self.maps.current()

    def close(self) -> None:
        """Let go of the home's files and of connections."""
        self._models.close()
        self.maps.close()
        self._collection.close()

    def __enter__(self) -> "Assistant":
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()
