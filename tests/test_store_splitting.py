from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from store.sentences import sentence_spans
from store.splitting import Splitter
from tests.papers import LONG_ABSTRACT

_SPLITTER = Splitter(chunk_size=20, chunk_overlap=5)


def test_passages_are_runs_of_whole_sentences_within_the_size() -> None:
    splitter = Splitter(chunk_size=60, chunk_overlap=20)
    spans = splitter.split(LONG_ABSTRACT)
    starts = {start for start, _ in sentence_spans(LONG_ABSTRACT)}
    ends = {end for _, end in sentence_spans(LONG_ABSTRACT)}
    assert len(spans) > 3
    assert {start for start, _ in spans} <= starts
    assert {end for _, end in spans} <= ends
    assert all(len(LONG_ABSTRACT[start:end].split()) <= 60 for start, end in spans)
    assert spans[0][0] == 0
    assert spans[-1][1] == len(LONG_ABSTRACT)
    assert splitter.split(LONG_ABSTRACT) == spans


def test_neighbours_share_sentences_up_to_the_overlap() -> None:
    spans = Splitter(chunk_size=60, chunk_overlap=25).split(LONG_ABSTRACT)
    shared = [LONG_ABSTRACT[start:end] for (_, end), (start, _) in pairwise(spans) if start < end]
    assert shared
    assert all(len(text.split()) <= 25 for text in shared)


def test_a_short_abstract_is_one_passage() -> None:
    assert _SPLITTER.split("Only this. And that.") == ((0, 20),)


def test_an_abstract_that_repeats_itself_is_covered_to_its_end() -> None:
    text = " ".join(["The same words stand here."] * 40)
    spans = _SPLITTER.split(text)
    assert (spans[0][0], spans[-1][1]) == (0, len(text))


_WORDS = st.sampled_from(
    [
        *("a", "b,", "c.", "D", "e;", "f。", "\n\n", "\n\n\n", "word", "word", "x,,y", "."),
        *("…", "\u00a0", "\u3000", "\tz", "é", "e\u0301", "😀", "\r\n", "a.b,c;d"),
    ]
)


@given(st.lists(_WORDS, min_size=1, max_size=100).map(" ".join))
def test_no_word_of_any_abstract_is_lost(text: str) -> None:
    spans = _SPLITTER.split(text)
    held = {at for start, end in spans for at in range(start, end)}
    assert [at for at, sign in enumerate(text) if not sign.isspace() and at not in held] == []
    assert [*spans] == sorted(spans)
    assert all(0 <= start < end <= len(text) for start, end in spans)
