import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from store.sentences import sentence_spans


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", []),
        (" \n\t ", []),
        ("One sentence", ["One sentence"]),
        ("One here. Two here.", ["One here.", "Two here."]),
        ("  Padded.   Twice.\n", ["Padded.", "Twice."]),
        ("We tried it. Surprising! It works.", ["We tried it.", "Surprising!", "It works."]),
        ("Is it so? Yes. (Maybe.) Done.", ["Is it so?", "Yes.", "(Maybe.)", "Done."]),
        ("By Li et al. 2020 and Fig. 3 here. So.", ["By Li et al. 2020 and Fig. 3 here.", "So."]),
        ("Use e.g. Trees, i.e. Graphs. Stop.", ["Use e.g. Trees, i.e. Graphs.", "Stop."]),
        ("It costs 3.2 dollars. Fine.", ["It costs 3.2 dollars.", "Fine."]),
        ("It was done.We show more.", ["It was done.", "We show more."]),
        ("Try numpy.linalg and v1.0 today. Go.", ["Try numpy.linalg and v1.0 today.", "Go."]),
        ("Trees, graphs, etc. We go on.", ["Trees, graphs, etc.", "We go on."]),
        ("By J. K. Writer. Good.", ["By J. K. Writer.", "Good."]),
        ("First.\r\nSecond.\r\n\r\nThird.", ["First.", "Second.", "Third."]),
        ("He wrote “stop.” Then he left.", ["He wrote “stop.”", "Then he left."]),
        ("It ends 🚀. It begins 😀.", ["It ends 🚀.", "It begins 😀."]),
        ("Same. Same. Same.", ["Same.", "Same.", "Same."]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in sentence_spans(text)] == sentences


_PIECES = st.sampled_from(
    [
        *(
            "A",
            "b",
            "word",
            "We",
            "e.g.",
            "Fig.",
            "3.2",
            ".",
            "!",
            "?",
            "…",
            " ",
            "  ",
            "\n",
            "\r\n",
        ),
        *("\t", "\u00a0", "\u2028", "\x1c", "\x85", "(", ")", "[1]", "”", "$x$", "🚀", "👩‍🚀", "é"),
        *(
            "e\u0301",
            "\u0301",
            "שלום",
            "مرحبا",
            "\u202e",
            "\ufeff",
            "知識。",
            "\x00",
            "\u0130",
            "ß",
        ),
    ]
)


@given(st.one_of(st.text(), st.lists(_PIECES, max_size=40).map("".join)))
@example("." * 20_000 + "a")
@example("a. " * 5_000)
@example("".join("?)" for _ in range(10_000)))
def test_sentences_are_in_order_and_hold_every_character_that_is_not_white(text: str) -> None:
    spans = sentence_spans(text)
    ends = [0, *(end for _, end in spans)]
    starts = [*(start for start, _ in spans), len(text)]
    assert all(start < end for start, end in spans)
    assert all(end <= start for end, start in zip(ends, starts, strict=True))
    assert not any(text[end:start].strip() for end, start in zip(ends, starts, strict=True))
    assert all(text[start:end] == text[start:end].strip() for start, end in spans)
