"""What an evaluation looks like in a terminal."""

from assistant.evaluation.comparing import Earlier
from assistant.evaluation.judging import Record
from assistant.evaluation.run import Evaluation
from assistant.evaluation.tables import evaluation_as_text
from tests.evaluation_records import record

_RECORDS = [
    record("q1", {"mrr_at_10": 1.0, "wrongly_refused": 0.0}, group="plain", seconds=0.010),
    record("q2", {"mrr_at_10": 0.5, "wrongly_refused": 0.0}, group="terse", seconds=0.030),
    record("u1", {"refused": 0.0}, kind="unanswerable", group="near", expected=(), answer=(),
           evidence=(), query="[1] of *what*?"),
]  # fmt: skip


def _evaluation(records: list[Record] | None = None) -> Evaluation:
    return Evaluation(
        papers=1_234,
        encoder="mini3",
        model="extractive",
        cases=3,
        notes=["Mind this."],
        records=_RECORDS if records is None else records,
    )


def _lines(text: str) -> list[str]:
    """The lines that are not empty, without the gaps between columns."""
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def test_each_kind_has_a_table_and_its_groups_another() -> None:
    lines = _lines(evaluation_as_text(_evaluation()))
    took = "question: an answer took 20.0 ms at the median, 29.0 ms at the 95th percentile"
    assert lines[0] == took
    assert lines[1] == "mean 95 % interval n"
    assert "MRR@10 0.750 0.500–1.000 2" in lines
    assert "refused wrongly 0.000 0.000–0.842 2" in lines
    assert "plain (1) terse (1)" in lines
    assert "MRR@10 1.000 0.500" in lines
    assert "refused rightly 0.000 0.000–0.975 1" in lines
    told = "3 questions asked of 1,234 papers, encoder mini3, answers by extractive."
    assert lines[-2:] == [told, "Mind this."]


def test_a_comparison_adds_what_was_before() -> None:
    before = {("question", "q1", "what?"): {"mrr_at_10": 0.5}}
    earlier = Earlier(1_200, before, {"question": {"p50": 7.0, "p95": 9.0}})
    lines = _lines(evaluation_as_text(_evaluation(), earlier))
    assert "(before: 7.0 ms at the median, 9.0 ms at the 95th percentile)" in lines
    assert "mean 95 % interval n before change p" in lines
    assert "MRR@10 0.750 0.500–1.000 2 0.500 +0.500 1.000" in lines
    assert "*: beyond chance, by a randomization test over the questions of both runs." in lines
    assert "The earlier run asked a collection of 1,200 papers." in lines


def test_a_change_beyond_chance_says_so() -> None:
    records = [record(str(at), {"mrr_at_10": 1.0}) for at in range(20)]
    before = {("question", str(at), "what?"): {"mrr_at_10": 0.0} for at in range(20)}
    text = evaluation_as_text(_evaluation(records), Earlier(1_234, before, {}))
    (row,) = [line for line in _lines(text) if line.startswith("MRR@10")]
    assert row == "MRR@10 1.000 0.832–1.000 20 0.000 +1.000 <0.001*"


def test_the_worst_are_shown_with_what_was_expected_and_what_came() -> None:
    text = evaluation_as_text(_evaluation(), n_worst=1)
    assert text.split("Mind this.\n")[1] == (
        "\n"
        "question q2 terse\n"
        "  asked     - what?\n"
        "  expected  - A Paper\n"
        "            - a word\n"
        "            - A sentence.\n"
        "  cited     - Another Paper\n"
        "  quoted    - Another sentence.\n"
        "  measured  - MRR@10 0.50, refused wrongly 0.00\n"
        "\n"
        "unanswerable u1 near\n"
        "  asked     - [1] of *what*?\n"
        "  expected  - a refusal\n"
        "  cited     - Another Paper\n"
        "  quoted    - Another sentence.\n"
        "  measured  - refused rightly 0.00"
    )


def test_the_curve_is_a_table_where_answers_tell_a_probability() -> None:
    records = [
        *(record(f"q{at}", {"wrongly_refused": 0.0}, answerable=at / 100) for at in range(100)),
        record("u1", {"refused": 1.0}, kind="unanswerable", group="near", answerable=0.025),
    ]
    lines = _lines(evaluation_as_text(_evaluation(records)))
    assert "wrongly all near" in lines
    assert "0.050 0.050 1.000 1.000" in lines
    assert "0.020 0.020 0.000 0.000" in lines


def test_nothing_asked_is_told_without_a_table() -> None:
    assert _lines(evaluation_as_text(_evaluation([])))[0].startswith("0 questions asked of")
