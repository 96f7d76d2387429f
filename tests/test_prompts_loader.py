"""The prompts that ship, and what a user may put in their place."""

from pathlib import Path

import pytest

from assistant import Assistant
from assistant.errors import SettingError
from prompts import NAMES, PromptError, load_prompts
from tests.papers import bundled_encoder

_ANSWER = "variables: evidence, question, example, not_there\n"
_OWN = (
    "[system]\nBe brief; say $not_there, cite [$example]. It costs $$5.\n"
    "[user]\n$evidence $question"
)


def test_every_prompt_is_short_and_says_what_it_takes(tmp_path: Path) -> None:
    prompts = load_prompts(tmp_path / "none")
    assert tuple(sorted(prompts)) == NAMES
    for name, prompt in prompts.items():
        assert len(prompt.system.split()) < 170, name
        filled = prompt.filled(**dict.fromkeys(prompt.variables, "VALUE"))
        assert "$" not in "".join(filled)
        assert "VALUE" in filled[1]


def test_a_value_is_put_in_as_it_is(tmp_path: Path) -> None:
    prompt = load_prompts(tmp_path)["answer"]
    values = dict.fromkeys(prompt.variables, "x") | {"evidence": "costs $5 and $question"}
    assert "costs $5 and $question" in prompt.filled(**values)[1]
    with pytest.raises(KeyError):
        prompt.filled(evidence="only")


@pytest.mark.parametrize("head", ["", _ANSWER, "# Mine\n"])
def test_a_users_own_prompt_stands_in_place_of_ours(tmp_path: Path, head: str) -> None:
    (tmp_path / "answer.txt").write_text(head + _OWN, encoding="utf-8")
    (tmp_path / ".notes.swp").write_text("an editor's")
    prompts = load_prompts(tmp_path)
    system, _ = prompts["answer"].filled(
        evidence="E", question="Q", example="ref0000", not_there="NO"
    )
    assert system == "Be brief; say NO, cite [ref0000]. It costs $5."
    assert prompts["condense"] == load_prompts(tmp_path / "none")["condense"]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("anwser.txt", _OWN, r"There is no prompt .*anwser\.txt; rename it to one of answer\.txt,"),
        ("answer.md", _OWN, "There is no prompt"),
        ("answer.txt", "Just answer.", r"needs a line \[system\] and, under it, a line \[user\]"),
        ("answer.txt", _OWN.replace("$question", ""), r"answer\.txt has no place for \$question"),
        ("answer.txt", _OWN + " $colour", r"uses what is not given to it: \$colour"),
        ("answer.txt", _OWN + " $ 5", r"has a \$ before no variable; write \$\$ for the sign"),
        ("answer.txt", "variables: question\n" + _OWN, "declares other variables than it holds: "),
    ],
)
def test_a_prompt_that_cannot_be_used_is_told(
    tmp_path: Path, name: str, text: str, message: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(PromptError, match=message):
        load_prompts(tmp_path)


def test_a_prompt_that_is_no_text_or_no_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "answer.txt").write_bytes(b"\xff\xfe")
    with pytest.raises(PromptError, match="cannot be read"):
        load_prompts(tmp_path)
    with pytest.raises(PromptError, match="cannot be read"):
        load_prompts(tmp_path / "answer.txt")


def test_a_home_with_a_bad_prompt_says_so_where_a_model_is_named(tmp_path: Path) -> None:
    home = tmp_path / "home"
    Assistant(home, starter=False, encoder=bundled_encoder()).close()
    (home / "prompts").mkdir()
    (home / "prompts" / "answer.txt").write_text("Just answer.", encoding="utf-8")
    with pytest.raises(SettingError, match=r"answer\.txt needs a line \[system\]"):
        Assistant(home, model="any", base_url="http://127.0.0.1:9/v1")
    Assistant(home).close()
