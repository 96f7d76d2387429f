import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.filters import ANYWHERE, NAMES, Within, problem_of, read_within, told, within_of

_ALL = {
    "listed_from": "Mar 12",
    "listed_to": "--03-14",
    "published_from": "2023",
    "published_to": "2024-03",
    "source": "trending",
    "k": "5",
}


def test_what_is_sound_is_taken_as_it_is() -> None:
    within, left_out = read_within(_ALL | {"q": "other names are not looked at"})
    assert within == Within("Mar 12", "--03-14", "2023", "2024-03", "trending", 5)
    assert left_out == ()
    assert within.given() == _ALL | {"k": 5}
    assert within.filters() == {name: _ALL[name] for name in NAMES if name != "k"}


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ({"listed_from": "soon"}, "“listed from” was left out: 'soon' is not a date"),
        ({"published_to": "2024-13"}, "“published to” was left out: "),
        ({"listed_from": "Mar 12", "listed_to": "Mar 1"}, "ends before it begins"),
        ({"k": "0"}, "'0' is no number of papers from 1 to 200"),
        ({"k": "201"}, "'201' is no number"),
        ({"k": "٣"}, "is no number"),
        ({"k": "1e3"}, "is no number"),
        ({"k": ["5"]}, "is no number"),
        ({"source": "x" * 101}, "“source” was left out: it is empty or has more than 100"),
        ({"source": {"a": 1}}, "“source” was left out"),
        ({"source": "  "}, "“source” was left out"),
    ],
)
def test_what_is_not_sound_is_left_out_and_said(bad: dict, why: str) -> None:
    within, (line,) = read_within(bad)
    assert why in line
    assert within in (ANYWHERE, Within(listed_from="Mar 12"))


@given(
    st.dictionaries(
        st.sampled_from([*NAMES, "q"]), st.text() | st.integers() | st.none() | st.lists(st.text())
    )
)
def test_whatever_comes_back_can_be_asked_with(anything: dict) -> None:
    within, left_out = read_within(anything)
    assert problem_of(within) == ""
    assert set(within.given()) <= set(anything)
    assert len(left_out) <= len(NAMES)
    assert set(told(within)) == set(within.given())


def test_the_fields_are_taken_as_they_stand_and_a_bad_one_is_a_problem() -> None:
    within = within_of(" Mar  12 ", None, "", "soon", "trending", 5.0)
    assert within == Within("Mar 12", published_to="soon", source="trending", k=5)
    assert problem_of(within).startswith("Published to: 'soon' is not a date; write")
    assert told(within)["published_to"] == "published to “soon”"
    assert within_of(*[None] * 5, 0) == ANYWHERE


def test_a_range_that_ends_before_it_begins_is_told_as_it_was_given() -> None:
    said = "The range from Mar 14 to mar 2 ends before it begins"
    assert problem_of(Within(listed_from="--03-14", listed_to="mar 2")) == said
    backwards = {"published_from": "2024", "published_to": "2023-01"}
    _, (line,) = read_within(backwards)
    assert line.endswith("The range from 2024 to 2023-01 ends before it begins")


@pytest.mark.parametrize("k", [0, -1, 201])
def test_a_number_of_papers_that_cannot_be_looked_at_is_a_problem(k: int) -> None:
    assert problem_of(Within(k=k)) == f"{k} is no number of papers from 1 to 200"


def test_each_is_told_in_words() -> None:
    within, _ = read_within(_ALL)
    assert list(told(within).values()) == [
        *("listed from Mar 12", "listed to Mar 14", "published from 2023"),
        *("published to Mar 2024", "source trending", "5 papers"),
    ]
    assert told(Within(k=1)) == {"k": "1 paper"}
