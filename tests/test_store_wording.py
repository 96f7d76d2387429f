import pytest

from store.wording import names, plain


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Hyper\u22c5Z\u22c5W", "Hyper-Z-W"),
        (r"HyperZ\cdot Z\cdot W", "HyperZ-Z-W"),
        ("HyperZcdotZcdotW", "HyperZ-Z-W"),
        ("HyperZ{cdotZ{cdot}W}", "HyperZ-Z-W"),
        ("anecdotal, aftermath, contextual", "anecdotal, aftermath, contextual"),
        (r"$\mathcal{O}(n^2)$", "O(n^2)"),
        ("mathcal{O}(n^2)", "O(n^2)"),
        ("\U0001d4aa(n\u00b2)", "O(n2)"),
        ("mathbbR^d and mathbb{R}^d", "R^d and R^d"),
        (r"\textbf{Whale} textit{song}", "Whale song"),
        (r"\overfeat nets (\ie, deep ones)", "overfeat nets (ie, deep ones)"),
        (r"$\frac{a}{b}$ or O(\sqrt{T})", "frac a b or O(sqrt T)"),
        (r"5.18\times$ as fast", "5.18x as fast"),
        ("5.18\u00d7 as fast", "5.18x as fast"),
        ("three times as fast", "three times as fast"),
        ("\u03b2-VAE", "beta-VAE"),
        (r"$\beta$-VAE", "beta-VAE"),
        ("\u03bb2 and 5\u03bcm", "lambda2 and 5 mu m"),
        ("\u03b3\u03bd\u1ff6\u03b8\u03b9", "\u03b3\u03bd\u1ff6\u03b8\u03b9"),
        (r"na\"{\i}ve H\"older Pok{\'e}mon", "naive Holder Pokemon"),
        ("\ufb01ne\u2010tuning", "fine-tuning"),
        ("10,000 or 1,234,567", "10000 or 1234567"),
        ("in 2019, 300 of 1,2", "in 2019, 300 of 1,2"),
        ("C++ \\ {} $ \u03a2", "C++ \\   \u03a2"),
        ("LLMs, cnns, GPS, less sms", "LLM, cnn, GPS, less sms"),
        ("", ""),
    ],
)
def test_what_is_written_in_several_ways_is_written_in_one(text: str, written: str) -> None:
    assert plain(text) == written


@pytest.mark.parametrize("text", ["\U0001f40b", "知識", "\\" * 5_000, "{" * 5_000, "x" * 100_000])
def test_any_text_goes_through(text: str) -> None:
    assert isinstance(plain(text), str)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Does LoRA beat w2v, GPT-4 or ConvNeX-T's?", ["LoRA", "w2v", "GPT-4", "ConvNeX-T"]),
        ("How many of 10,000 Whales in 2019?", []),
        ("ALL LOUD BUT W2PGNN AND 7", ["W2PGNN"]),
        ("PaCA or PaCA", ["PaCA"]),
        ("", []),
    ],
)
def test_names_have_a_digit_or_a_capital_inside(text: str, found: list[str]) -> None:
    assert names(text) == found
