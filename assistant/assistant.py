"""The assistant: what a Python program, the shell and the page all call."""

from collections.abc import Callable, Sequence
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
from assistant.mapping import CollectionMap, Maps
from assistant.settings import Settings
from assistant.topics.topic import topic_events
from assistant.types import Answer, Finished, Hit, IngestReport, Paper, Progress, Turn
from store.appearances import Appearances
from store.collection import Collection
from store.encoders import Encoder
from store.filters import make_filters

__all__ = ["Assistant"]

_N_PAPERS = 8


class Assistant:
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
        self._collection = Collection(folder, chosen, starter=starter, server=self.settings.server)
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

    def search(self, query: str, k: int = 10, **filters: str | None) -> list[Hit]:
        """Find papers, most relevant first, one hit a paper.

        Args:
            query: What to look for.
            k: Papers wanted, 1 to 200.
            filters: ``listed_from``, ``listed_to``, ``published_from``, ``published_to`` (dates),
                ``source``.

        Raises:
            QuestionError: The query is empty or too long.
            FilterError: A filter is unknown or no date.
        """
        return self._collection.search(checked_question(query), checked_k(k), make_filters(filters))

    def ingest(
        self, *sources: str | Path, on_progress: Callable[[Progress], None] | None = None
    ) -> IngestReport:
        """Add papers from files, or from the network where a source names it.

        Args:
            sources: Paths of files in a format of ``store.readers``; or "hf:2024-03-11",
                "arxiv:2403.01234", "arxiv-search:QUERY", see ``store.live``.
            on_progress: Called after every batch.

        Returns:
            What was done; a source or record that cannot be read is in its ``rejected``.

        Raises:
            StoreError: The home cannot be written to.
        """
        return self._collection.ingest(sources, on_progress)

    def papers(self, **filters: str | None) -> list[Paper]:
        """All papers that pass the filters (see ``search``), by id."""
        return list(self._collection.papers(make_filters(filters)))

    def recent(self, **filters: str | None) -> list[Paper]:
        """The same papers, those first that came or changed last."""
        return list(self._collection.papers(make_filters(filters), recent_first=True))

    def paper(self, paper_id: str) -> Paper:
        """Look up one paper.

        Raises:
            PaperNotFoundError: There is none of that id.
        """
        return self._collection.paper(paper_id)

    def remove(self, *paper_ids: str) -> None:
        """Remove papers from the collection, all or, where one is not there, none.

        Raises:
            PaperNotFoundError: There is none of one of the ids.
        """
        self._collection.remove(*paper_ids)

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

    def restore(self, *paper_ids: str) -> None:
        """Take the removal of papers back: they are there again as they were.

        Raises:
            PaperNotFoundError: No paper of one of the ids was removed.
        """
        self._collection.restore(*paper_ids)

    def map(self) -> CollectionMap:
        """Lay the papers out on a plane, near papers near, in themes; kept until they change."""
        return self.maps.current()

    @property
    def encoder(self) -> Encoder:
        """What encodes passages and queries."""
        return self._collection.encoder

    def count(self, **filters: str | None) -> int:
        """How many papers the collection holds, or how many of them pass (see ``search``)."""
        return self._collection.count(make_filters(filters))

    def appearances(self) -> Appearances:
        """The days, dates of publication and sources that there are to filter by."""
        return self._collection.survey.appearances()

    def encoded(self) -> tuple[int, int]:
        """How many papers have their vectors, the others being found by words, of how many."""
        return self._collection.encoded()

    @property
    def server_fault(self) -> str:
        """Why the Chroma server cannot be had, so that the copy answers; "" where all is well."""
        return self._collection.server_fault

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
