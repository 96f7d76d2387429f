"""What is set, as chips that can be removed; how many papers pass; what there is to choose from."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from assistant import Assistant
from assistant.days import days_of
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

_MAX_READ = 5_000
"""Papers that are counted one by one; of more it is only asked whether any passes."""

_ANYTHING = "a method and its results"
_Choices = Mapping[str, list[tuple[str, str]]]


def choices_of(assistant: Assistant) -> _Choices:
    """Days, years and lists that the papers have, by the filter's name; of many papers, none."""
    return _choices(assistant, assistant.count())


@lru_cache(maxsize=8)
def _choices(assistant: Assistant, n_papers: int) -> _Choices:
    papers = assistant.papers() if n_papers <= _MAX_READ else []
    days = [(day_as_text(day), day) for day in days_of(papers)]
    years = sorted({paper.published[:4] for paper in papers if paper.published[:4].isdigit()})
    sources = sorted({each.source for paper in papers for each in paper.listed})
    published = [(year, year) for year in years]
    return {
        "listed_from": days,
        "listed_to": days,
        "published_from": published,
        "published_to": published,
        "source": [(source, source) for source in sources],
    }


def n_passing(assistant: Assistant, within: Within) -> int | None:
    """How many papers pass; None where they are many and some do, or a filter makes no sense."""
    filters = within.filters()
    if problem_of(within):
        return None
    if not filters:
        return assistant.count()
    if assistant.count() <= _MAX_READ:
        return len(assistant.papers(**filters))
    return None if assistant.search(_ANYTHING, 1, **filters) else 0


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
