import numpy as np
import pytest

from assistant.evidence.features import PAPER_FEATURES, SENTENCE_FEATURES
from assistant.evidence.weights import Weights, from_json, present, weights
from assistant.evidence.words import asked_words, offered_words


def test_a_question_asks_by_words_pairs_its_mark_and_its_length() -> None:
    assert asked_words("How many kites?") == {
        *("how", "many", "kites", "how many", "?", "<short>", "<any>")
    }
    assert "<no question mark>" in asked_words("kites")
    assert "<long>" in asked_words("one two three " * 5)
    assert asked_words("") == {"<no question mark>", "<short>", "<any>"}


@pytest.mark.parametrize(
    ("sentence", "shapes"),
    [
        ("waste fell by 33%.", {"<digit>", "<percent>"}),
        (r"waste fell by 33\%.", {"<digit>", "<percent>"}),
        ("it scores 0.81.", {"<digit>", "<decimal>"}),
        ("over 10,000 kites", {"<digit>", "<large number>"}),
        ("it is 3x faster", {"<digit>", "<factor>"}),
        ("we call it kite mapping (KM)", {"<acronym introduced>", "<acronym>"}),
        ("we tap the Violins", {"<proper name>"}),
        ("nothing of that", set()),
    ],
)
def test_a_sentence_offers_what_has_the_shape_of_it(sentence: str, shapes: set[str]) -> None:
    found = {word for word in offered_words(sentence) if word.startswith("<")}
    assert {word for word in found if not word.startswith("<begins>")} == shapes
    assert f"<begins> {sentence.split()[0]}" in found
    assert {"we", "waste", "it", "over", "nothing"} & offered_words(sentence)


def small() -> Weights:
    return from_json(
        {
            "paper": dict.fromkeys(PAPER_FEATURES, 0.0),
            "sentence": dict.fromkeys(SENTENCE_FEATURES, 0.0) | {"first": 1.0},
            "offered": ["<digit>", "because"],
            "asked": {
                "how many": [2.0, 0.0, *([0.0] * len(SENTENCE_FEATURES))],
                "why": [-0.5, 3.0, *([0.5] * len(SENTENCE_FEATURES))],
            },
        }
    )


@pytest.mark.parametrize(
    ("question", "values"),
    [
        ("How many kites?", [1.0, 2.0, 0.0]),
        ("Why kites?", [1.5, -0.5, 3.0]),
        ("Kites?", [1.0, 0.0, 0.0]),
    ],
)
def test_what_is_asked_for_shifts_the_weights(question: str, values: list[float]) -> None:
    features = np.zeros((3, len(SENTENCE_FEATURES)))
    features[0, SENTENCE_FEATURES.index("first")] = 1.0
    texts = ["Kites fly.", "There are 9 kites.", "Because of wind."]
    assert small().of_sentences(question, texts, features).tolist() == values


def test_words_are_told_by_row() -> None:
    assert present(["a", "b"], [{"b"}, set(), {"a", "b"}]).tolist() == [[0, 1], [0, 0], [1, 1]]
    assert present(["a"], []).shape == (0, 1)


def test_the_weights_that_ship_fit_the_features() -> None:
    known = weights()
    assert known.paper.shape == (len(PAPER_FEATURES),)
    assert known.sentence.shape == (len(SENTENCE_FEATURES),)
    assert known.pairs.shape == (len(known.asked), len(known.offered) + len(SENTENCE_FEATURES))
    assert np.isfinite(known.pairs).all()


def test_a_number_answers_how_many_rather_than_why() -> None:
    texts = ["Satellites pass too rarely because of clouds.", "It took 48 kites in 9 weeks."]
    features = np.zeros((2, len(SENTENCE_FEATURES)))

    def lead_of_number(question: str) -> float:
        reason, number = weights().of_sentences(question, texts, features)
        return float(number - reason)

    assert lead_of_number("How many are flown?") > lead_of_number("Why are these flown?")
