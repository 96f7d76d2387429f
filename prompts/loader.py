"""Prompts read from files: what ships here, or what a user has put in its place, checked.

A file is: a line that declares the variables, a part for the system and one for the user.

    variables: question, evidence
    [system]
    Answer from the evidence.
    [user]
    $evidence
    $question
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from string import Template

__all__ = ["NAMES", "Prompt", "PromptError", "load_prompts"]

NAMES = ("answer", "condense", "notes", "summarize")
"""The prompts there are; each is the file of that name, ending in .txt."""

_DECLARED = re.compile(r"^variables:(.*)$", re.MULTILINE)
_PARTS = re.compile(r"^\[system\]\n(?P<system>.*?)^\[user\]\n(?P<user>.*)\Z", re.M | re.S)


class PromptError(ValueError):
    """A prompt's file cannot be used; catch it to say which and why."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a chat model is told, with places for what differs.

    Attributes:
        system: How to answer; fixed for every question.
        user: The request.
        variables: The names that both hold as ``$name``.
    """

    system: str
    user: str
    variables: frozenset[str]

    def filled(self, **values: str) -> tuple[str, str]:
        """System and user text with every variable in its place.

        A value is inserted as it is; ``$name`` in a value stays what it is.

        Raises:
            KeyError: A variable has no value.
        """
        return Template(self.system).substitute(values), Template(self.user).substitute(values)


def load_prompts(own: Path) -> Mapping[str, Prompt]:
    """Load every prompt.

    Args:
        own: A folder whose files, where it exists, stand in place of those that ship.

    Raises:
        PromptError: A file there has another name, cannot be read, or has not the same variables
            as the one that ships.
    """
    shipped = {
        name: _parsed(files("prompts").joinpath(f"{name}.txt").read_text("utf-8"), f"{name}.txt")
        for name in NAMES
    }
    return shipped | {path.stem: _overridden(path, shipped) for path in sorted(_files(own))}


def _files(own: Path) -> list[Path]:
    try:
        return [path for path in own.iterdir() if not path.name.startswith(".")]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise PromptError(f"The prompts in {own} cannot be read: {error.strerror}") from error


def _overridden(path: Path, shipped: Mapping[str, Prompt]) -> Prompt:
    """A user's prompt; it holds the variables of the one it stands for, no more and no less."""
    if path.suffix != ".txt" or path.stem not in shipped:
        known = ", ".join(f"{name}.txt" for name in NAMES)
        raise PromptError(f"There is no prompt {path}; rename it to one of {known}, or remove it")
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise PromptError(f"The prompt {path} cannot be read: {error}") from error
    prompt = _parsed(text, str(path))
    wanted = shipped[path.stem].variables
    for difference, said in (
        (wanted - prompt.variables, "has no place for"),
        (prompt.variables - wanted, "uses what is not given to it:"),
    ):
        if difference:
            raise PromptError(f"The prompt {path} {said} ${', $'.join(sorted(difference))}")
    return prompt


def _parsed(text: str, name: str) -> Prompt:
    """Read a file's text.

    Raises:
        PromptError: A part is missing, or the declaration is not what the parts hold.
    """
    parts = _PARTS.search(text)
    if not parts:
        raise PromptError(f"The prompt {name} needs a line [system] and, under it, a line [user]")
    system, user = Template(parts["system"].strip()), Template(parts["user"].strip())
    if not (system.is_valid() and user.is_valid()):
        raise PromptError(f"The prompt {name} has a $ before no variable; write $$ for the sign")
    used = frozenset((*system.get_identifiers(), *user.get_identifiers()))
    declared = _DECLARED.search(text[: parts.start()])
    listed = frozenset(re.findall(r"\w+", declared[1])) if declared else used
    if listed != used:
        odd = ", ".join(sorted(listed ^ used))
        raise PromptError(f"The prompt {name} declares other variables than it holds: {odd}")
    return Prompt(system.template, user.template, used)
