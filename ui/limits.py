"""What is set, as chips that can be removed; how many papers pass; what there is to choose from."""

from collections.abc import Mapping, Sequence

from assistant import Assistant
from assistant.render import day_as_text
from ui import words
from ui.filters import Within, problem_of, told
from ui.safe import plain

__all__ = ["OPEN", "choices_of", "n_passing", "render_limits", "render_passing"]

OPEN = (
    '<button type="button" aria-expanded="false" aria-controls="pa-settings">'
    f"{words.FILTERS_BUTTON}</button>"
)
"""Opens and closes the panel; settings.js does it."""

_MAX_CHOICES = 120
"""Days offered one by one; where they are more, the months or years that they lie in."""

_Choices = Mapping[str, list[tuple[str, str]]]


def choices_of(assistant: Assistant) -> _Choices:
    """Days, years and lists that the papers have, by the filter's name."""
    there = assistant.appearances()
    days = [(day_as_text(day), day) for day in _few(there.days)]
    years = sorted({date[:4] for date in there.published if date[:4].isdigit()})
    published = [(year, year) for year in years]
    return {
        "listed_from": days,
        "listed_to": days,
        "published_from": published,
        "published_to": published,
        "source": [(source, source) for source in there.sources],
    }


def _few(days: Sequence[str]) -> Sequence[str]:
    """Days in order, or where they are many their months or years; one without a year stays."""
    for n_chars in (7, 4):
        if len(days) > _MAX_CHOICES:
            days = [day if day.startswith("-") else day[:n_chars] for day in days]
            days = list(dict.fromkeys(days))
    return days


def n_passing(assistant: Assistant, within: Within) -> int | None:
    """How many papers pass; None where a filter makes no sense."""
    return None if problem_of(within) else assistant.count(**within.filters())


def render_limits(
    within: Within,
    also: Mapping[str, str],
    n_papers: int | None,
    left_out: Sequence[str] = (),
) -> str:
    """A chip for each thing that is set, and what is wrong with them.

    Args:
        within: The filters.
        also: Other settings that are not as they are by default, by name.
        n_papers: How many papers pass, as ``n_passing`` tells.
        left_out: Lines about what an address asked for and cannot have.
    """
    chips = "".join(_chip(name, said) for name, said in (told(within) | _also(also)).items())
    group = f'<div class="chips" role="group" aria-label="{plain(words.SET)}">{chips}</div>'
    wrong = [*left_out, problem_of(within)]
    lines = "".join(f'<p class="warn">{plain(line)}</p>' for line in wrong if line)
    if n_papers == 0 and within.filters():
        lines += f'<p class="warn">{plain(words.NONE_PASSES)} {_clear()}</p>'
    return (group if chips else "") + f'<div role="status">{lines}</div>'


def _also(also: Mapping[str, str]) -> dict[str, str]:
    return {
        name: words.SET_TO[name].format(value=words.THEMES.get(value, value))
        for name, value in also.items()
    }


def _chip(name: str, said: str) -> str:
    drop = plain(words.DROP.format(what=said))
    return (
        f'<span class="chip limit" dir="auto">{plain(said)}'
        f'<button type="button" data-drop="{name}" aria-label="{drop}"></button></span>'
    )


def _clear() -> str:
    return f'<button type="button" class="act" data-drop="all">{plain(words.CLEAR)}</button>'


def render_passing(n_papers: int | None, n_all: int) -> str:
    """How many of the collection's papers pass; "" where that is not known."""
    if n_papers is None:
        return ""
    return plain(words.PASSING.format(n=n_papers, all=n_all))
