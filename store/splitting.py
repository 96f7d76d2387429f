"""Abstracts into passages, at sentence ends. Home of llama_index."""

from itertools import pairwise

from llama_index.core.node_parser import SentenceSplitter

from store.sentences import sentence_spans

__all__ = ["Splitter"]


class Splitter:
    """Cuts an abstract into overlapping runs of whole sentences."""

    def __init__(self, chunk_size: int, chunk_overlap: int) -> None:
        """Prepare a splitter.

        Args:
            chunk_size: Words in a passage, at most; a longer sentence is cut.
            chunk_overlap: Words that a passage may share with the one before it.
        """
        self._splitter = SentenceSplitter(
            chunk_size=chunk_size,
            chunk_overlap=chunk_overlap,
            tokenizer=str.split,
            chunking_tokenizer_fn=_pieces,
        )

    def split(self, abstract: str) -> tuple[tuple[int, int], ...]:
        """Find the passages of an abstract.

        Returns:
            (start, end) of each passage in order, as offsets of characters; together they hold
            every sentence.
        """
        spans: list[tuple[int, int]] = []
        start = end = 0
        for chunk in self._splitter.split_text(abstract):
            # Where words repeat, a chunk stands in several places: the last one that leaves no
            # gap behind the passage before it.
            gap = len(abstract) - len(abstract[end:].lstrip())
            start = abstract.rindex(chunk, start, gap + len(chunk))
            end = start + len(chunk)
            spans.append((start, end))
        return tuple(spans)


def _pieces(text: str) -> list[str]:
    """Cut a text behind its sentences, losing nothing: the pieces join to the text."""
    cuts = [0, *(start for start, _ in sentence_spans(text)[1:]), len(text)]
    return [text[start:end] for start, end in pairwise(cuts)]
