"""Tokens that are looked up by word are those of the whole text."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from store import word_tokens
from store.word_tokens import WordTokens, goes_by_word
from tests.papers import PAPERS

_WEIGHTS = Path(word_tokens.__file__).parent / "weights" / "static-256"
_ODD = (
    "", " ", "a  b", "tab\tand\nline\r\nend", "naïve café 模型 ok", "e\u0301 \u0301 alone",
    "[UNK] mid[UNK]dle [PAD]", "zero\u200bwidth nb\u00a0space line\u2028para", "\x85 \x1c \ufffd",
    "w" * 120 + " x", "don't (really) e.g. 3.14, GPT-4!", "word " * 700,
)  # fmt: skip


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(_WEIGHTS / "tokenizer.json"))


def _whole(tokenizer: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    tokenizer.no_truncation()
    return [each.ids for each in tokenizer.encode_batch(list(texts), add_special_tokens=False)]


def test_any_text_has_the_tokens_that_it_has_as_a_whole(tokenizer: Tokenizer) -> None:
    texts = [*_ODD, *(str(paper["abstract"]) for paper in PAPERS)]
    whole = _whole(tokenizer, texts)
    words = WordTokens(tokenizer)

    assert words.of(texts) == whole
    assert words.of(texts[::-1]) == whole[::-1], "when they are known already"


def test_more_words_than_are_remembered_have_their_tokens(
    tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(word_tokens, "_MAX_WORDS", 20)
    words = WordTokens(tokenizer)

    for text in _ODD * 2:
        assert words.of([text]) == _whole(tokenizer, [text])
    assert len(words._known) <= 20


def test_only_tokens_that_do_not_depend_on_what_stands_around_a_word_go_by_word(
    tokenizer: Tokenizer,
) -> None:
    other = Tokenizer(models.WordPiece({"[UNK]": 0}, unk_token="[UNK]"))
    other.normalizer = tokenizer.normalizer
    other.pre_tokenizer = pre_tokenizers.Metaspace()

    assert goes_by_word(tokenizer)
    assert not goes_by_word(other)
