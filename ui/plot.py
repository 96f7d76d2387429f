"""The map as a picture: its points, its themes with their papers, and the paper that is open."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from assistant.days import span
from assistant.mapping import CollectionMap, Point, Progress, Theme
from assistant.types import Paper
from ui import words
from ui.evidence import render_meta
from ui.safe import plain
from ui.shelf import render_about, render_actions

__all__ = ["render_drawing", "render_opened", "render_plot", "render_said", "render_themes"]

_MAX_PERIODS = 7
"""Columns of the bars beside a theme."""

_Periods = Mapping[str, int]
"""By day, the number of its period from 0."""


def render_plot(drawn: CollectionMap, more: Sequence[Point] = ()) -> str:
    """The points of a map; map.js gives them their places, which hang on the window.

    Args:
        drawn: The map.
        more: Points of papers that are not among those of the map.
    """
    points, periods = (*drawn.points, *more), _periods(drawn.points)
    circles = "".join(_circle(at, point, periods) for at, point in enumerate(points))
    labels = "".join(
        f'<text class="t{number}" data-x="{theme.x}" data-y="{theme.y}">{plain(theme.name)}</text>'
        for number, theme in enumerate(drawn.themes)
        if theme.name
    )
    said = words.MAP_OF.format(papers=_count(drawn))
    return (
        f'<svg class="points" role="listbox" tabindex="0" aria-label="{plain(said)}">'
        f'<g class="moved">{circles}</g></svg>'
        f'<svg class="labels" aria-hidden="true"><g class="names">{labels}</g>'
        '<g class="marks"></g></svg>'
    )


def _circle(at: int, point: Point, periods: _Periods) -> str:
    when = " ".join(map(str, sorted({periods[day] for day in point.days if day in periods})))
    return (
        f'<circle class="t{point.theme}" role="option" aria-selected="false" id="pa-point-{at}"'
        f' aria-label="{plain(point.title)}" data-id="{plain(point.paper_id)}"'
        f' data-x="{point.x}" data-y="{point.y}" data-theme="{point.theme}" data-when="{when}"/>'
    )


def render_said(drawn: CollectionMap) -> str:
    """How many papers the map shows, and of how many."""
    return f"<span>{plain(_count(drawn))}</span>" if drawn.points else ""


def _count(drawn: CollectionMap) -> str:
    n_points = len(drawn.points)
    if n_points < drawn.n_papers:
        return words.BY_CHANCE.format(n=n_points, all=drawn.n_papers)
    return words.MANY_PAPERS[n_points != 1].format(n=n_points)


def render_drawing(progress: Progress) -> str:
    """How far a map is that is still being drawn."""
    return (
        f'<span>{plain(progress.doing)} …</span> <progress max="1" value="{progress.share:.2f}"'
        f' aria-label="{words.DRAWN}"></progress>'
    )


def render_themes(drawn: CollectionMap) -> str:
    """The themes, each with bars of when its papers were listed, and its papers in a list."""
    if not drawn.points:
        return f"<h2>{words.THEMES_ON_MAP}</h2><p>{words.NO_MAP}</p>"
    periods = _periods(drawn.points)
    days: list[list[str]] = [[] for _ in range(_n_periods(periods))]
    for day, number in periods.items():
        days[number].append(day)
    names = [span(each) for each in days]
    counts = _counts(drawn, periods)
    most = max((n for row in counts for n in row), default=1)
    rows = "".join(
        _theme(number, theme, drawn, list(zip(names, counts[number], strict=True)), most)
        for number, theme in enumerate(drawn.themes)
    )
    return (
        f"<h2>{words.THEMES_ON_MAP} · {len(drawn.themes)}</h2>"
        f'<div style="--n:{len(names)}">{_axis(names, counts, span(periods))}{rows}</div>'
    )


def _axis(names: Sequence[str], counts: Sequence[Sequence[int]], whole: str) -> str:
    """A button a period, over the columns of the bars."""
    if not names:
        return ""
    buttons = "".join(
        _period(number, name, sum(row[number] for row in counts))
        for number, name in enumerate(names)
    )
    return (
        f'<div class="axis"><span>{plain(words.LISTED_IN.format(days=whole))}</span>'
        f'<span class="bars">{buttons}</span></div>'
    )


def _period(number: int, name: str, n_papers: int) -> str:
    said = plain(words.LISTED_IN.format(days=name))
    return (
        f'<button type="button" data-when="{number}" aria-pressed="false"'
        f' title="{said}: {_papers(n_papers)}" aria-label="{said}">{_short(name)}</button>'
    )


def _short(name: str) -> str:
    """The number of a day such as "Mar 11" or "Mar 11, 2024"; "" for anything longer."""
    found = re.fullmatch(r"\w{3} (\d{1,2})(, \d{4})?", name)
    return found[1] if found else ""


def _theme(
    number: int, theme: Theme, drawn: CollectionMap, when: Sequence[tuple[str, int]], most: int
) -> str:
    points = [point for point in drawn.points if point.theme == number]
    bars = "".join(
        f'<i class="t{number}" style="height:{round(100 * n / most)}%"></i>' for _, n in when
    )
    listed = "; ".join(f"{name}: {n}" for name, n in when)
    said = (
        f'<span class="unseen">{plain(words.LISTED_THEN.format(days=listed))}</span>'
        if listed
        else ""
    )
    titles = "".join(
        f'<li><button type="button" data-id="{plain(point.paper_id)}" dir="auto">'
        f"{plain(point.title)}</button></li>"
        for point in sorted(points, key=lambda point: point.title.casefold())
    )
    also = f'<span class="also">{plain(", ".join(theme.also))}</span>' if theme.also else ""
    return (
        f'<details class="theme" name="theme" data-theme="{number}"><summary>'
        f'<span class="swatch t{number}" aria-hidden="true"></span><span class="name">'
        f'{plain(theme.name or words.UNNAMED_THEME)} <span class="n">{len(points)}</span>'
        f"{said}{also}</span>"
        f'<span class="bars" aria-hidden="true">{bars}</span></summary><ul>{titles}</ul></details>'
    )


def render_opened(paper: Paper, drawn: CollectionMap | None) -> str:
    """A paper of the map, and what can be done with it."""
    themes = {point.paper_id: point.theme for point in drawn.points} if drawn else {}
    number = themes.get(paper.paper_id, -1)
    name = drawn.themes[number].name if drawn and number >= 0 else ""
    theme = (
        f'<span class="swatch t{number}" aria-hidden="true"></span>{plain(name)}' if name else ""
    )
    return (
        f'<h2 class="unseen">{words.OPEN_PAPER}</h2>'
        f'<article class="card" {render_about(paper)} tabindex="-1">'
        f'<p class="of">{theme}'
        f'<button type="button" class="pill" data-do="close">{words.CLOSE}</button></p>'
        f'<h3><span dir="auto">{plain(paper.title)}</span></h3>{render_meta(paper)}'
        f'<p class="abs" dir="auto">{plain(paper.abstract)}</p>'
        f'<p class="actions">{render_actions("ask", "more", "cite")}</p></article>'
    )


def _periods(points: Sequence[Point]) -> dict[str, int]:
    """Every day of listing with the number of its period: a day, or several of many."""
    days = sorted({day for point in points for day in point.days})
    n_periods = min(_MAX_PERIODS, len(days))
    return {day: at * n_periods // len(days) for at, day in enumerate(days)}


def _n_periods(periods: _Periods) -> int:
    return max(periods.values(), default=-1) + 1


def _counts(drawn: CollectionMap, periods: _Periods) -> list[list[int]]:
    """By theme and period, how many papers were listed then."""
    counted = Counter(
        (point.theme, number)
        for point in drawn.points
        for number in {periods[day] for day in point.days}
    )
    numbers = range(_n_periods(periods))
    return [[counted[theme, at] for at in numbers] for theme in range(len(drawn.themes))]


def _papers(n_papers: int) -> str:
    return words.MANY_PAPERS[n_papers != 1].format(n=n_papers)
