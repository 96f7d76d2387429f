"""A model's text on its way to the reader: A1 and A2, for any text in any pieces."""

import re
from itertools import accumulate, pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assistant.chat.draft import Draft
from assistant.chat.messages import NOT_THERE
from assistant.chat.sentences import cited_numbers
from assistant.escaping import unescaped
from ui.markdown import render_markdown

_KEYS = ("ref1234", "ref5678", "ref2468")
_TOLD = (
    "You answer questions about research papers from their abstracts, which you are given, and"
    " from nothing else. End every sentence with the key of the paper it rests on."
)
_FRAGMENTS = (
    *("[ref1234]", "ref5678", "[ref1234, ref5678]", "【ref2468】", "(see REF1234)", "[ref9999]"),
    *("[", "]", "(", ")", "【", "】", "[[", "]]", "ref", "ref12", "ref12345", "r", "re", "[ref1"),
    *(
        "[0]",
        "[1]",
        "[99]",
        "[1-3]",
        "[1, 2]",
        "【1】",
        "[[1]]",
        "[1][1]",
        "x[1]",
        "[2023]",
        "[^1]",
    ),
    *(
        "1",
        "2",
        ",",
        " ",
        "  ",
        "\n",
        "\n\n",
        "\\",
        "\\[",
        "\\]",
        "$",
        "^{[1]}",
        "`",
        "```",
        "`x[1]`",
    ),
    *("[MASK]", "[0, 1)", "**", "* ", "# ", "![a](b)", "[a](http://b)", "<b>", "<", "!", ":", "-"),
    *("word", "The end.", "A paper says so.", "é", "שלום", "😀", "e\u0301", "\r\n", "\ue000", "_"),
    *("You answer questions about", "research papers from their abstracts, which you are given"),
    *("<think>", "</think>", NOT_THERE, NOT_THERE[:7], "and", "source", ";"),
)
_texts = st.lists(st.sampled_from(_FRAGMENTS) | st.text(max_size=4), max_size=24).map("".join)


def _written(pieces: list[str]) -> tuple[Draft, list[str]]:
    """A draft of pieces, and what was shown after each."""
    numbers: dict[str, int] = {}
    draft = Draft(_KEYS, lambda key, _: numbers.setdefault(key, len(numbers) + 1), _TOLD)
    shown = [draft.feed(piece) for piece in pieces]
    shown.append(draft.end())
    assert "".join(shown) == draft.text
    return draft, shown


def _read(text: str) -> list[int]:
    """The numbers that a reader of the page sees as citations, in order."""
    seen: list[int] = []
    render_markdown(text, lambda number: seen.append(number) or f"<a>{number}</a>")  # type: ignore[func-returns-value]
    return seen


@settings(max_examples=500, deadline=None)
@given(_texts)
def test_every_number_is_one_that_was_given_and_in_order_of_first_use(text: str) -> None:
    draft, _ = _written([text])
    given_out = len(draft_numbers(draft))
    read = _read(draft.text)
    assert list(dict.fromkeys(read)) == [*range(1, given_out + 1)]
    assert sorted(set(cited_numbers(draft.text))) == [*range(1, given_out + 1)]
    assert "\ue000" not in draft.text
    assert "\ue001" not in draft.text


def draft_numbers(draft: Draft) -> set[str]:
    """What a draft's marks led to, told from the text by a reader of our own marks."""
    return set(re.findall(r"(?<![\w\\{^])\[([1-9])\]", draft.text))


@settings(max_examples=500, deadline=None)
@given(_texts, st.lists(st.integers(0, 120), max_size=12))
def test_pieces_do_not_matter(text: str, cuts: list[int]) -> None:
    whole, _ = _written([text])
    at = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    for pieces in ([text[a:b] for a, b in pairwise(at)], list(text)):
        draft, _ = _written(pieces)
        assert (draft.text, draft.refused) == (whole.text, whole.refused)


@settings(max_examples=300, deadline=None)
@given(_texts)
def test_no_half_bracket_is_ever_shown(text: str) -> None:
    draft, shown = _written(list(text))
    ends = set(accumulate(map(len, shown)))
    for bracket in re.finditer(r"(?<!\\)\[[^\[\]\n]{0,100}\]", draft.text):
        assert not ends & {*range(bracket.start() + 1, bracket.end())}


@settings(max_examples=300, deadline=None)
@given(_texts)
def test_nothing_is_eaten_of_a_text_that_cites_nothing(text: str) -> None:
    assume(not re.search("ref|research papers|<think>|\ue000|\ue001", text, re.IGNORECASE))
    assume(NOT_THERE not in text)
    draft, _ = _written([text])
    assert unescaped(draft.text) == unescaped(text.lstrip())


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Recall rises [ref5678]. So [ref1234].", "Recall rises [1]. So [2]."),
        ("Recall rises[ref5678].", "Recall rises [1]."),
        ("It is so [ref5678, ref1234][ref5678].", "It is so [1][2][1]."),
        ("As (see ref5678) and ref1234 say.", "As [1] and [2] say."),
        ("As in (the work [ref5678]).", "As in (the work [1])."),
        ("【ref5678】 and [Source: REF1234]", "[1] and [2]"),
        ("Made up [ref9999]. More (ref0000, ref9998).", "Made up. More."),
        ("One of two [ref9999, ref1234].", "One of two [1]."),
        ("Its own [1], [1, 2], [1-3]; [[1]], [0].",
         r"Its own \[1], \[1, 2], \[1-3]; [\[1]], \[0]."),
        ("In [0, 1] with [MASK] and x[1], $y^{[1]}$, [2023]",
         r"In \[0, 1] with [MASK] and x[1], $y^{[1]}$, \[2023]"),
        ("[[ref9999]1]", r"\[1]"),
        ("Half open [0, 1) and [ref12", "Half open [0, 1) and [ref12"),
        ("`torch.compile` and `x[1]`", r"`torch.compile` and \`x[1]\`"),
        ("**a `b** c [1]` d [ref1234]", r"**a \`b** c \[1]\` d [1]"),
        ("```\n[1]\n```", "\\`\\`\\`\n\\[1]\n\\`\\`\\`"),
        ("![x](http://127.0.0.1/leak)", r"!\[x]\(http://127.0.0.1/leak)"),
        ("[ref1234](http://evil) [a](javascript:x)", r"[1]\(http://evil) [a]\(javascript:x)"),
        ("[ref1234]: http://evil", r"[1]\: http://evil"),
        ("<script>alert(1)</script> 1 < 2", r"\<script>alert(1)\</script> 1 < 2"),
        (r"\[ref1234\] \lambda \[x\]", r"[1] \lambda \[x\]"),
        ("<think>ref1234?\n[1]</think>\n\nYes [ref5678].", "Yes [1]."),
        ("<thinking about it", r"\<thinking about it"),
        ("ref1234's gain, ref12345, xref1234", "[1]'s gain, ref12345, xref1234"),
    ],
)  # fmt: skip
def test_what_becomes_of_brackets(said: str, shown: str) -> None:
    for pieces in ([said], list(said)):
        assert _written(pieces)[0].text == shown


@pytest.mark.parametrize(
    "said",
    [NOT_THERE, f"  **{NOT_THERE}**.", NOT_THERE.lower(), f"{NOT_THERE}: I cannot say [ref1234]"],
)
def test_a_model_may_say_that_it_is_not_there(said: str) -> None:
    for pieces in ([said], list(said)):
        draft, shown = _written(pieces)
        assert draft.refused
        assert not any(shown)


@pytest.mark.parametrize("said", [f"{NOT_THERE}ING is a word", NOT_THERE[:-1], "NOT-IN-TIME"])
def test_what_begins_like_that_is_shown(said: str) -> None:
    for pieces in ([said], list(said)):
        draft, _ = _written(pieces)
        assert (draft.refused, draft.text) == (False, said)


def test_instructions_are_not_recited() -> None:
    said = f"Of course. {_TOLD} Moss grows on roofs [ref1234]. {_TOLD.upper()}"
    for pieces in ([said], list(said)):
        text = _written(pieces)[0].text
        assert "Moss grows on roofs [1]." in text
        assert "research papers" not in text.lower()
        assert "nothing else" not in text.lower()
    few = "You answer questions about research with care, which you are given."
    assert _written([few])[0].text == few


def test_words_are_shown_as_soon_as_they_come() -> None:
    _, shown = _written(["Mo", "ss", " grows", " on", " roofs", " [ref12", "34", "]", ". It"])
    assert shown == ["Mo", "ss", " grows", " on", " roofs", "", "", "", " [1]. It", ""]
