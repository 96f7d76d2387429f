"""How far a text carries a sentence, on texts written for these tests."""

import random
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.support import WEAK, support, why
from tests.bench.support import HARDEST
from tests.bench.support_pairs import area_under_curve, development_pairs

_TITLE = "TideFormer: Attention that Ebbs and Flows"
_ABSTRACT = (
    "Large language models (LLMs) forget what they read at low tide. We introduce TideFormer, whose"
    " attention window grows and shrinks with the moon. On HarborBench, TideFormer outperforms"
    " SandNet by 4.2 points and reduces memory by 30%, training on 1,000 hours of waves in 3 days."
    " It does not need labelled shells, and its recall stays at 0.5 on 2.5 million sea shanties."
    " Unlike GullNet, it runs 1.7x - 2.7x faster in two harbors."
)
_CITED = f"{_TITLE}\n{_ABSTRACT}"


@pytest.mark.parametrize(
    "sentence",
    [
        "On HarborBench, TideFormer outperforms SandNet by 4.2 points and reduces memory by 30%",
        "it does not need  labelled shells",
        "We introduce TideFormer, whose attention window … shrinks with the moon.",
        "… whose attention window grows and shrinks with the moon [...].",
        "**TideFormer** outperforms `SandNet` by 4.2 points",
        "TideFormer: Attention that Ebbs and Flows",
        "",
        "…",
    ],
)
def test_what_stands_there_word_for_word_is_carried_wholly(sentence: str) -> None:
    assert (support(sentence, _CITED), why(sentence, _CITED)) == (1.0, "")


@pytest.mark.parametrize(
    "sentence",
    [
        "It does … need labelled shells.",
        "need labelled shells",
        "TideFormer outperforms SandNet by 4",
        "GullNet, it runs 1.7x",
        "TideFormer … runs … outperforms SandNet by 4.2 points",
        "TideFormer outperforms … GullNet",
    ],
)
def test_an_excerpt_that_turns_the_meaning_or_cuts_a_number_is_no_excerpt(sentence: str) -> None:
    assert support(sentence, _CITED) < 1.0


@pytest.mark.parametrize(
    "sentence",
    [
        "TideFormer beats SandNet by 4.2 points on HarborBench.",
        "On HarborBench, SandNet is outperformed by TideFormer.",
        "The authors propose TideFormer, with an attention window that follows the moon.",
        "TideFormer cuts memory by 30 percent.",
        "TideFormer lowers memory by 30 %.",
        "Training took 3 days on 1000 hours of waves.",
        "It was trained for three days.",
        "LLMs forget what they read when the tide is low.",
        "Recall stays at 50% on 2,500,000 sea shanties.",
        "It needs no labeled shells.",
        "It works without labelled shells.",
        "It is 1.7 to 2.7 times faster in two harbours.",
        "Its memory falls by about 30%.",
    ],
)
def test_a_paraphrase_is_carried(sentence: str) -> None:
    assert support(sentence, _CITED) >= WEAK
    assert why(sentence, _CITED) == ""


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("TideFormer beats SandNet by 5.2 points.", "the number 5.2 is not in the cited text"),
        ("TideFormer reduces memory by 42%.", "the number 42% is not in the cited text"),
        ("TideFormer reduces memory 30x.", "the number 30 is not in the cited text"),
        ("It was trained for 3 weeks.", "the number 3 is not in the cited text"),
        ("It runs in five harbors.", "the number five is not in the cited text"),
        ("It has 7 shells, 9 gulls and 7 crabs.", "the numbers 7 and 9 are not in the cited text"),
        ("It recalls 2.5 billion sea shanties.", "the number 2.5 is not in the cited text"),
        ("On DockBench, it beats SandNet.", "the name DockBench is not in the cited text"),
        ("TideFormer outperforms SandNet-2.", "the name SandNet-2 is not in the cited text"),
        (
            "It was tested in Norway on GPT-4.",
            "the names Norway and GPT-4 are not in the cited text",
        ),
        ("It needs labelled shells.", "the cited text negates what this says"),
        (
            "TideFormer does not reduce memory by 30%.",
            "the cited text says it without “not”",
        ),
        ("TideFormer increases memory by 30%.", "the cited text says “reduces”, not “increases”"),
        ("It runs 1.7x - 2.7x slower.", "the cited text says “faster”, not “slower”"),
        (
            "SandNet outperforms TideFormer by 4.2 points.",
            "the cited text has the comparison the other way round",
        ),
        (
            "Bakeries entertain queues.",
            "the cited text does not mention “Bakeries”, “entertain” and “queues”",
        ),
        ("It is so.", "it says nothing that can be compared"),
    ],
)
def test_what_the_text_does_not_say_is_weak_and_the_reason_is_told(
    sentence: str, reason: str
) -> None:
    assert support(sentence, _CITED) < WEAK
    assert why(sentence, _CITED) == reason


def test_nothing_is_carried_by_no_text() -> None:
    assert support("Whales sing.", "") < WEAK
    assert why("Whales sing.", "") == "there is no cited text"


def test_a_name_that_opens_the_sentence_and_is_marked_counts() -> None:
    assert why("BERT forgets at low tide.", _CITED) == "the name BERT is not in the cited text"
    assert support("Models forget what they read at low tide.", _CITED) >= WEAK


def test_a_claim_that_adds_something_is_weaker_than_the_claim() -> None:
    claim = "TideFormer beats SandNet on HarborBench"
    added = f"{claim}, and it has been deployed by coast guards for rescuing stranded swimmers."
    assert support(added, _CITED) < WEAK < support(f"{claim}.", _CITED)


@pytest.mark.parametrize(
    ("sentence", "cited"),
    [
        ("我们的方法很好", "我们提出了一个新的方法。"),
        ("これは正しい。", ""),
        ("🎉🎉", "🎉 works"),
        ("الموجة ترتفع", "الموجة ترتفع مع القمر"),
        ("٣٤ waves", "34 waves"),
        ("፩፪ waves ½ ② x²", "12 waves"),
        ("9" * 500 + " waves", "9" * 400),
        ("1.2.3.4 and 1,2,3", "1.2.3.4"),
        ("{\\rm a}_{[1]} $\\alpha$", "\\begin{x}"),
        ("\x00\ud800 \u202e", "\ud800"),
        ("a " * 20_000, "b " * 20_000),
        ("\n", "\n\n"),
    ],
)
def test_any_script_and_any_nonsense_is_judged(sentence: str, cited: str) -> None:
    assert 0.0 <= support(sentence, cited) <= 1.0
    assert (why(sentence, cited) == "") == (support(sentence, cited) >= WEAK)


@given(st.text(), st.text())
def test_support_is_a_chance_and_full_for_what_stands_there(sentence: str, cited: str) -> None:
    assert 0.0 <= support(sentence, cited) <= 1.0
    assert support(sentence, cited) == support(sentence, cited)
    assert support(sentence, f"{cited}.\n{sentence}") == 1.0


@given(st.integers(1_001, 99_999), st.sampled_from(["{:,}", "{}", "{}.0", "{} %"]))
def test_a_number_that_the_text_lacks_is_never_carried(number: int, form: str) -> None:
    written = form.format(number)
    sentence = f"TideFormer was trained on {written} hours of waves."
    assert support(sentence, _CITED) < WEAK
    assert f"the number {written.replace(',', '').replace(' %', '%')}" in why(sentence, _CITED)


def test_a_sentence_is_judged_within_a_few_milliseconds() -> None:
    sentences = [f"TideFormer outperforms SandNet in harbor {name}." for name in "abcdefghij"]
    support(sentences[0], _CITED)
    began = time.process_time()
    for sentence in sentences:
        support(sentence, _CITED)
    assert (time.process_time() - began) / len(sentences) < 0.005


def test_support_tells_what_abstracts_say_from_what_they_do_not(shared: Path) -> None:
    assert shared
    chosen = random.Random(1).sample(development_pairs(), 500)
    kinds = [pair for pair in chosen if pair.kind not in ("verbatim", *HARDEST)]
    judged = [(pair.true, support(pair.sentence, pair.cited)) for pair in kinds]
    true = [value for is_true, value in judged if is_true]
    false = [value for is_true, value in judged if not is_true]
    assert area_under_curve(true, false) >= 0.95
    assert sum(value >= WEAK for value in true) / len(true) >= 0.9
    assert sum(value < WEAK for value in false) / len(false) >= 0.85


def test_support_is_a_module_of_the_package() -> None:
    from assistant import support as module

    assert module.support is support
    assert module.why is why
