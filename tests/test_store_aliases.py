import pytest

from store.aliases import acronyms, aliases, compounds


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("We study tidal echo fine-tuning (TEFT).", [("TEFT", "tidal echo fine-tuning")]),
        ("With TEFT (tidal echo fine-tuning) we", [("TEFT", "tidal echo fine-tuning")]),
        ("Moon language models (MLM) sing.", [("MLM", "Moon language models")]),
        ("area under the curve (AUC)", [("AUC", "area under the curve")]),
        ("the whale song benchmark (WSB; ours)", [("WSB", "whale song benchmark")]),
        ("It rains. Moon phases (PM) shine", []),
        ("a number (12) and a word (see there) in brackets", []),
        ("nothing to expand (ABC)", []),
        ("the song ABC (ABC)", []),
        ("((", []),
    ],
)
def test_short_forms_are_found_with_their_long_ones(
    text: str, pairs: list[tuple[str, str]]
) -> None:
    assert list(acronyms(text)) == pairs


def test_words_with_hyphens_are_found() -> None:
    text = "A fine-tuned text-to-image model, GPT-4; not -5, a--b or state-of-the-art."
    assert list(compounds(text)) == ["fine-tuned", "text-to-image", "GPT-4"]


def test_each_form_leads_to_the_other() -> None:
    found = aliases("Whale songs (WS) are re-sung.", lambda text: text.lower().split())
    assert found == {("ws", "whale songs"), ("whale songs", "ws"), ("resung", "re-sung")}
