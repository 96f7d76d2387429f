import re

import pytest

from store.spelling import Spelling, edits
from tests.word_list import WordList

COUNTS = {
    "transformer": 40, "transformers": 9, "gaussian": 500, "labels": 5, "tables": 9, "rhyme": 2,
    "symmetric": 3, "deep": 30, "speed": 20, "gpt": 7, "4": 9, "gausian": 5, "lora": 3, "what": 0,
    "normalized": 3, "colour": 4, "fiber": 2, "modelled": 3, "centers": 6,
}  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("transfromer", "transformer"),
        ("transfrmoer", "transformer"),
        ("Transfomers", "transformers"),
        ("ransformer", "transformer"),
        ("lables", "labels"),  # the same letters, before the word that more passages have
        ("whyat", "what"),
        ("gausian", "gaussian"),  # also in the collection, where it is a slip as well
        ("deepspeed", "deep speed"),
        ("GPT4", "GPT 4"),
        ("TRANSFROMER", "transformer"),
        ("normalised", "normalized"),
        ("color", "colour"),  # spelt elsewhere so, though the word itself is English
        ("fibre", "fiber"),
        ("modeled", "modelled"),
        ("Centres", "centers"),
    ],
)
def test_an_unknown_word_is_read_as_one_that_is_near(typed: str, read: str) -> None:
    found = Spelling(WordList(COUNTS)).read_as(f"{typed}?")
    assert (found.text, found.corrections) == (f"{read}?", ((typed, read),))


@pytest.mark.parametrize(
    "typed",
    [
        "transformer",
        "table",  # English, though no passage has it
        "asymmetric",
        "rxyxe",  # two edits are too many in a short word
        "GPTS",
        "LoRAs",  # a name
        "abc",
        "zzyzxqwv",
        "知識知識",
        "\U0001f40b",
        "",
        "x" * 5_000,
    ],
)
def test_what_is_known_or_near_to_nothing_stays_as_typed(typed: str) -> None:
    found = Spelling(WordList(COUNTS)).read_as(f"about {typed} it")
    assert (found.text, found.corrections) == (f"about {typed} it", ())


def test_a_word_written_together_is_read_as_passages_write_it() -> None:
    words = WordList({"mid": 1, "ocean": 1}, {"midoceanic": {"mid-oceanic": 2}})
    assert Spelling(words).read_as("midoceanic ridges").text == "mid-oceanic ridges"


class Stems(WordList):
    """A collection whose terms are words without their endings."""

    def terms(self, text: str) -> list[str]:
        return [re.sub(r"(ed|ing|ize[sd])$", "", word) for word in super().terms(text)]

    def n_holding(self, term: str) -> int:
        return sum(n for word, n in self.counts.items() if self.terms(word) == [term])


def test_a_word_spelt_elsewhere_is_found_by_another_form_of_it() -> None:
    words = Stems({"parallel": 2, "parall": 1, "elised": 1})
    assert Spelling(words).read_as("parallelised").text == "parallelized"


def test_a_word_is_parted_into_words_and_not_into_stems() -> None:
    words = Stems({"stacked": 1, "layers": 4, "dropped": 1, "unit": 3})
    assert Spelling(words).read_as("stackedlayers").text == "stacked layers"
    assert Spelling(words).read_as("dropplayers").text == "dropplayers"


def test_words_are_fetched_by_letter_when_needed_and_again_after_a_change() -> None:
    words = WordList({"gaussian": 3})
    spelling = Spelling(words)
    assert spelling.read_as("table").text == "table"
    assert words.fetched == []
    assert [spelling.read_as("gaussien").text for _ in "12"] == ["gaussian", "gaussian"]
    assert words.fetched == ["g"]
    words.counts = {"gaussiens": 1}
    spelling.forget()
    assert spelling.read_as("gaussiem").text == "gaussiens"


@pytest.mark.parametrize(
    ("one", "other", "n"),
    [
        ("song", "song", 0),
        ("song", "sing", 1),
        ("song", "songs", 1),
        ("song", "snog", 1),
        ("song", "ong", 1),
        ("whale", "wahels", 3),
        ("", "ab", 2),
    ],
)
def test_edits_are_counted(one: str, other: str, n: int) -> None:
    assert edits(one, other, 3) == edits(other, one, 3) == n
    assert n == 0 or edits(one, other, n - 1) > n - 1
