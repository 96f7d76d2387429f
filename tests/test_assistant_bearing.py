import pytest

from assistant.bearing import Bearing, bearing
from assistant.evidence import Evidence
from assistant.types import Paper
from tests.test_assistant_evidence import FakeReader


def test_a_question_bears_by_its_nearest_sentence_and_its_unknown_words() -> None:
    paper = Paper("p", "T", "A sentence.")
    ranked = [Evidence(paper, 0, 11, 2.0, 0.4), Evidence(paper, 0, 11, 1.0, 0.7)]
    found = bearing("Which (Mongolia) kites, kites?", ranked, FakeReader(["kites"]))
    assert found == Bearing(
        closeness=0.7, unknown=pytest.approx(2 / 3), missing=("Which", "Mongolia")
    )


def test_a_question_without_any_term_bears_on_nothing() -> None:
    assert bearing("is it a", [], FakeReader()) == Bearing(0.0, 1.0, ())
