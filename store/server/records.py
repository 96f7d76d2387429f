"""Contributions as records of Chroma, one a passage; all that a paper has goes with its first.

Source: nothing is larger than Chroma Cloud takes by default (16,384 bytes a document, 4,096 a
value, 128 an id, 36 the name of a value, 32 values and 4,096 numbers a record;
docs.trychroma.com/cloud/quotas-limits, November 2026).
"""

from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from store.changes import passage_id
from store.encoders import Vectors
from store.server.contribution import Contribution, from_json, to_json

__all__ = [
    "ServerRecord",
    "contribution_of",
    "is_too_large",
    "record_id",
    "records_of",
    "sentences_of",
]

Metadata = Mapping[str, object]

_MAX_DOCUMENT_BYTES = 16_000
_MAX_VALUE_BYTES = 4_000
_MAX_PIECES = 23
"""Of a paper in all: of the 32 values, nine are others."""
_NOT_KEPT = -1


@dataclass(frozen=True, slots=True)
class ServerRecord:
    """What Chroma is given of a passage."""

    name: str
    vector: Sequence[float]
    document: str
    metadata: dict[str, str | int | bool]


def record_id(paper_id: str, number: int, writer: str) -> str:
    """Name a passage of a machine's: no other machine writes it."""
    return f"{passage_id(paper_id, number)}@{writer}"


def records_of(
    contribution: Contribution, vectors: Vectors, sentences: bytes
) -> list[ServerRecord]:
    """Make the records of a paper, those of a removed one too.

    Args:
        contribution: The paper.
        vectors: Of its passages, (n_passages, dimension).
        sentences: Its sentences' vectors, packed; see ``store.sentence_vectors``.
    """
    state, paper = contribution.state, contribution.state.paper
    records = []
    for number, (start, end) in enumerate(state.spans or ((0, 0),)):
        # A removed paper has a place to be found at as well.
        vector = vectors[number] if state.spans else _anywhere(vectors.shape[1])
        metadata: dict[str, str | int | bool] = {
            "paper_id": paper.paper_id,
            "title": next(_pieces(paper.title, _MAX_VALUE_BYTES), ""),
            "start": start,
            "end": end,
            "writer": contribution.writer,
        }
        if number == 0:
            metadata |= _whole(contribution, sentences)
        document = next(_pieces(paper.abstract[start:end], _MAX_DOCUMENT_BYTES), "")
        name = record_id(paper.paper_id, number, contribution.writer)
        records.append(ServerRecord(name, vector, document, metadata))
    return records


def is_too_large(contribution: Contribution) -> bool:
    """Whether Chroma Cloud does not take a paper: it has thousands of authors, say."""
    return len(list(_pieces(to_json(contribution), _MAX_VALUE_BYTES))) > _MAX_PIECES


def _anywhere(dimension: int) -> list[float]:
    return [1.0] + [0.0] * (dimension - 1)


def _whole(contribution: Contribution, sentences: bytes) -> dict[str, str | int | bool]:
    """What stands with the first passage alone."""
    said = list(_pieces(to_json(contribution), _MAX_VALUE_BYTES))
    packed = list(_pieces(b64encode(sentences).decode(), _MAX_VALUE_BYTES))
    n_packed = len(packed) if len(said) + len(packed) <= _MAX_PIECES else _NOT_KEPT
    return {
        "number": contribution.number,
        "removed": contribution.state.removed,
        # Chroma keeps what an earlier record had beyond these.
        "state": len(said),
        "sentences": n_packed,
        **{f"state.{at}": piece for at, piece in enumerate(said)},
        **{f"sentences.{at}": piece for at, piece in enumerate(packed[: max(n_packed, 0)])},
    }


def contribution_of(metadata: Metadata) -> Contribution:
    """Read what stands with a first passage, which somebody else may have written.

    Raises:
        ValueError: It is no contribution.
    """
    writer, number = metadata.get("writer"), metadata.get("number")
    if not (writer and isinstance(writer, str) and isinstance(number, int)):
        raise ValueError("no contribution")
    contribution = from_json(writer, number, _joined(metadata, "state"))
    if contribution.state.paper.paper_id != metadata.get("paper_id"):
        raise ValueError("no contribution, but another paper's")
    return contribution


def sentences_of(metadata: Metadata) -> bytes | None:
    """Read the packed vectors of sentences; None where they were too many to keep.

    Raises:
        ValueError: They are damaged.
    """
    if metadata.get("sentences", _NOT_KEPT) == _NOT_KEPT:
        return None
    return b64decode(_joined(metadata, "sentences"), validate=True)


def _joined(metadata: Metadata, name: str) -> str:
    n_pieces = metadata.get(name)
    if not isinstance(n_pieces, int):
        raise ValueError(f"no {name}")
    return "".join(str(metadata.get(f"{name}.{at}", "")) for at in range(n_pieces))


def _pieces(text: str, max_bytes: int) -> Iterator[str]:
    """Cut a text into pieces of some bytes, between characters."""
    rest = text.encode()
    while rest:
        piece = rest[:max_bytes].decode("utf-8", "ignore")
        yield piece
        rest = rest[len(piece.encode()) :]
