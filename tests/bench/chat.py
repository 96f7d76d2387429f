"""A chat model as the writer: how soon its first word is shown, many at once, and its citations.

    python -m tests.bench.chat

The model is the scripted server of the tests, so that what is measured is ours. A key names a
paper, and the sentence that carries best what stands before it becomes the quote: how often that
holds the answer is counted, too. The table feeds the same 40 outputs to LlamaIndex's
CitationQueryEngine, each system's citations written as it asks for them, and counts outputs that
end in a citation that misleads:

dead    a number that no source has, or half a bracket
wrong   a number that leads to a paper which does not say the sentence, and nothing marks it
lost    the model cited, and the reader has no number to follow
"""

import re
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.llms.types import CompletionResponse, LLMMetadata
from llama_index.core.llms import CustomLLM
from llama_index.core.query_engine import CitationQueryEngine
from llama_index.core.schema import NodeWithScore, TextNode

from assistant import Assistant
from assistant.chat.citing import best_span
from assistant.support import WEAK
from assistant.types import Delta, Paper
from store.identity import normalize_title
from store.sentences import sentence_spans
from tests.bench.common import PAGES, dev, encoder
from tests.chat_server import KEY, MODEL, ChatServer, Gate, Request, Script, chat_server, keys_of

_N_QUESTIONS = 60
_N_AT_ONCE = 20
_MARK = re.compile(r"(?<![\w\\{^])\[(\d+(?:\s*[,–-]\s*\d+)*)\]")
_HALF = re.compile(r"(?<!\\)\[[^\]]{0,12}\Z")

_OUTPUTS = (
    "C1 {A}.",
    "C2 {B}. C1 {A}.",
    "C1 {A}{A}.",
    "{A} C1.",
    "C1 {A}. C2 {B}. C1 {A}.",
    "C1 {A}{B}.",
    "C1 {B}.",
    "C1 {X}.",
    "C1 {A}. C2 {X}.",
    "C1 [0].",
    "C1 [99].",
    "C1 {A} [1-3].",
    "C1 [[99]].",
    "C1 {A}, as x[1] and [2023] show.",
    "As in [17], C1 {A}.",
    "The value lies in [0, 1]. C1 {A}.",
    "It costs 412 dollars {A}. C1 {A}.",
    "C1 {a}.",
    "C1 {A}. C2 {cut}",
    "C1 {A}. It is made of cheese {B}.",
)
"""C1 and C2 are sentences of the first and second paper, {A} and {B} their citations, {X} one that
does not exist, {a} one without its brackets, {cut} one in which the stream breaks off."""


@contextmanager
def _chatting() -> Iterator[tuple[Assistant, ChatServer]]:
    """The five pages, and the scripted model to write."""
    with TemporaryDirectory() as folder, chat_server() as server:
        options = {"model": MODEL, "base_url": server.base_url, "api_key": KEY, "cache": False}
        home = Path(folder) / "home"
        with Assistant(home, starter=False, encoder=encoder(), **options) as assistant:
            assistant.ingest(*PAGES)
            yield assistant, server


def _quotes(assistant: Assistant) -> str:
    """How often the sentence that a key of a paper leads to is the one that holds the answer.

    The claim is the gold answer in its own words, which a model would write before the key.
    """
    papers = {normalize_title(paper.title): paper for paper in assistant.papers()}
    found = []
    for case in dev("questions"):
        paper = papers[normalize_title(case["gold"][0])]
        start, end = best_span(paper, ["; ".join(case["answer"])], (0, 0))
        quote, evidence = paper.abstract[start:end], " ".join(case["evidence"].split())
        found.append(bool(quote) and (quote in evidence or evidence in quote))
    return f"{statistics.mean(found):.1%} of {len(found)} questions"


def _first_words(assistant: Assistant, server: ChatServer, questions: Sequence[str]) -> str:
    """Milliseconds from question to first word, less what passes between request and reply."""
    replied: list[float] = []

    def pieces(_: Request) -> list[str]:
        replied.append(time.perf_counter())
        return ["Graph", " networks."]

    server.always = Script(pieces)
    before, after = [], []
    for question in questions:
        began = time.perf_counter()
        events = assistant.stream(question)
        if any(isinstance(event, Delta) for event in events) and replied:
            took = time.perf_counter() - began
            before.append(1000 * (replied.pop() - began))
            after.append(1000 * took)
        events.close()
    quantiles = statistics.quantiles(after, n=20)
    return (
        f"{statistics.median(after):.0f} ms at the median, {quantiles[-1]:.0f} ms at the 95th"
        f" percentile of {len(after)} questions (request out after {statistics.median(before):.0f})"
    )


def _at_once(assistant: Assistant, server: ChatServer, questions: Sequence[str]) -> str:
    """Whether many streams are shown side by side: none ends before all have begun."""
    gates = [Gate() for _ in questions]
    waiting = iter(gates)
    server.always = Script(lambda _: ["Graph", next(waiting), " networks."])
    firsts: list[float] = []
    begun = threading.Semaphore(0)
    began = time.perf_counter()

    def ask(question: str) -> None:
        for event in assistant.stream(question):
            if isinstance(event, Delta) and event.text == "Graph":
                firsts.append(1000 * (time.perf_counter() - began))
                begun.release()

    threads = [threading.Thread(target=ask, args=(question,)) for question in questions]
    for thread in threads:
        thread.start()
    all_begun = all(begun.acquire(timeout=30) for _ in questions)
    for gate in gates:
        gate.open()
    for thread in threads:
        thread.join()
    for gate in gates:
        gate.close()
    return (
        f"{len(firsts)} of {len(questions)} showed their first word before any ended"
        f" ({'yes' if all_begun else 'NO'}); median {statistics.median(firsts):.0f} ms,"
        f" last {max(firsts):.0f} ms"
    )


class _Saying(CustomLLM):
    """An LLM that says one thing."""

    said: str = ""

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata()

    def complete(self, *_: Any, **__: Any) -> CompletionResponse:
        return CompletionResponse(text=self.said)

    def stream_complete(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError


class _Found(BaseRetriever):
    """Gives the papers that the assistant found."""

    def __init__(self, papers: Sequence[Paper]) -> None:
        super().__init__()
        self._papers = papers

    def _retrieve(self, *_: Any) -> list[NodeWithScore]:
        texts = [f"{paper.title}\n{paper.abstract}" for paper in self._papers]
        return [NodeWithScore(node=TextNode(text=text), score=1.0) for text in texts]


def _said(output: str, papers: Sequence[Paper], cite: Callable[[int], str]) -> str:
    """An output with its sentences and citations, ``cite`` writing the nth paper's."""
    claims = [_claim(paper) for paper in papers[:2]]
    text = output.replace("C1", claims[0]).replace("C2", claims[1])
    bare = cite(0).strip("[]")
    for name, written in (
        ("{A}", cite(0)), ("{B}", cite(1)), ("{X}", cite(-1)), ("{a}", bare),
        ("{cut}", cite(1)[:-1]),
    ):  # fmt: skip
        text = text.replace(name, written)
    return text


def _claim(paper: Paper) -> str:
    """A sentence that an abstract ends with, without its stop."""
    start, end = sentence_spans(paper.abstract)[-1]
    return paper.abstract[start:end].rstrip(".")


def _judged(
    text: str, claims: dict[str, str], sources: Sequence[str], weak: Callable[[str, int], bool]
) -> set[str]:
    """What misleads in a text.

    Args:
        text: As it is shown.
        claims: What may be claimed, and the title of the paper that says it; "" for none.
        sources: The title that each number leads to, 1 first.
        weak: Whether the reader is told that a number does not carry a claim.
    """
    faults = {"dead"} if _HALF.search(text) else set()
    places = sorted((at, claim) for claim in claims for at in _all(claim, text))
    for mark in _MARK.finditer(text):
        before = [claim for at, claim in places if at < mark.start()]
        claim = before[-1] if before else places[0][1]
        for number in _numbers(mark[1]):
            if not 1 <= number <= len(sources):
                faults.add("dead")
            elif sources[number - 1] != claims[claim] and not weak(claim, number):
                faults.add("wrong")
    return faults


def _all(claim: str, text: str) -> list[int]:
    return [found.start() for found in re.finditer(re.escape(claim), text)]


def _numbers(inside: str) -> list[int]:
    """The numbers of "1", "1, 2" and "1-3"."""
    numbers = [int(number) for number in re.findall(r"\d+", inside)]
    return [*range(numbers[0], numbers[-1] + 1)] if re.search("[-–]", inside) else numbers


def _ours(
    assistant: Assistant, server: ChatServer, question: str, output: str, papers: Sequence[Paper]
) -> set[str]:
    def pieces(request: Request) -> list[str]:
        keys = keys_of(request)
        known = {at: f"[{keys[paper.title]}]" for at, paper in enumerate(papers)}
        said = _said(output, papers, lambda at: known.get(at, "[ref9999]"))
        return [said[at : at + 4] for at in range(0, len(said), 4)]

    server.always = Script(pieces, finish=None if "{cut}" in output else "stop")
    answer = assistant.ask(question)
    cited = {each.number: each for each in answer.citations}

    def weak(claim: str, number: int) -> bool:
        told = [each for each in answer.sentences if claim in each.text]
        return cited[number].support < WEAK or any(each.support < WEAK for each in told)

    titles = [each.paper.title for each in answer.citations]
    return _faults(output, answer.text, papers, titles, weak)


def _theirs(question: str, output: str, papers: Sequence[Paper]) -> set[str]:
    said = _said(output, papers, lambda at: f"[{at + 1 or 99}]")
    engine = CitationQueryEngine(_Found(papers), llm=_Saying(said=said))
    shown = engine.query(question)
    sources = [node.node.get_content() for node in shown.source_nodes]
    titles = [next(each.title for each in papers if each.title in text) for text in sources]
    return _faults(output, str(shown), papers, titles, lambda claim, number: False)  # noqa: ARG005


def _faults(
    output: str,
    text: str,
    papers: Sequence[Paper],
    titles: Sequence[str],
    weak: Callable[[str, int], bool],
) -> set[str]:
    """What misleads a reader of what became of an output."""
    claims = {_claim(paper): paper.title for paper in papers[:2]}
    claims |= dict.fromkeys(("It costs 412 dollars", "It is made of cheese"), "")
    text = text.partition("\n\nNot supported")[0].partition("\n\nIncomplete")[0]
    text = text.partition("\n\nThe cited abstracts")[0]
    lost = re.search(r"\{[ABa]\}", output) and not _MARK.search(text)
    return _judged(text, claims, titles, weak) | ({"lost"} if lost else set())


def _side_by_side(assistant: Assistant, server: ChatServer, questions: Sequence[str]) -> None:
    """Count misleading outputs of both systems, and name them."""
    rows: list[tuple[str, set[str], set[str]]] = []
    for question in questions:
        server.always = Script(("Nothing.",))
        server.requests.clear()
        assistant.ask(question)
        titles = list(keys_of(server.requests[-1]))
        hits = {hit.paper.title: hit.paper for hit in assistant.search(question, 8)}
        papers = [hits[title] for title in titles][:3]
        rows += [
            (
                output,
                _theirs(question, output, papers),
                _ours(assistant, server, question, output, papers),
            )
            for output in _OUTPUTS
        ]
    print("| output | CitationQueryEngine | this project |\n|---|---|---|")
    for output, *both in rows[: len(_OUTPUTS)]:
        theirs, ours = (", ".join(sorted(faults)) or "–" for faults in both)
        print(f"| `{output}` | {theirs} | {ours} |")
    n_theirs, n_ours = (sum(bool(row[at]) for row in rows) for at in (1, 2))
    print(f"| of {len(rows)} outputs mislead | {n_theirs} | {n_ours} |")


def main() -> None:
    """Print all three."""
    questions = [case["query"] for case in dev("questions")]
    with _chatting() as (assistant, server):
        answered = [
            question
            for question in questions[: 2 * _N_AT_ONCE]
            if not assistant.ask(question, model="extractive").refused
        ]
        _first_words(assistant, server, questions[:10])
        print("first word:", _first_words(assistant, server, questions[:_N_QUESTIONS]))
        print("key to evidence sentence:", _quotes(assistant))
        print("at once:", _at_once(assistant, server, answered[:_N_AT_ONCE]))
        _side_by_side(assistant, server, answered[:2])


if __name__ == "__main__":
    main()
