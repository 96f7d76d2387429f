"""The map of a collection: near papers near, themes named, kept, laid out anew after a change."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant import Assistant
from assistant.mapping import CollectionMap, Maps, Point, Progress, Theme, drawing, grouping, maps
from assistant.mapping.grouping import group
from assistant.mapping.kept import read_map, write_map
from assistant.mapping.naming import name_groups
from assistant.mapping.placing import nearest, place
from tests.ui_papers import paper

_SUBJECTS = {
    "Coral reefs": "Corals build reefs in warm shallow water. Bleaching follows a hot summer.",
    "Steam engines": "A boiler makes steam. The piston of the engine turns a heavy wheel.",
    "Alpine glaciers": "Snow turns to ice and glaciers flow down the valley. Moraines remain.",
}
_RECORDS = [
    {
        "title": f"{subject} of region {number}",
        "abstract": f"{abstract} Site {number} is described.",
        "listed": [f"2024-03-{1 + number % 3:02}"],
    }
    for subject, abstract in _SUBJECTS.items()
    for number in range(15)
]


def _clusters(n_each: int, n_clusters: int = 3) -> NDArray[np.float32]:
    """Vectors about a few directions, one cluster after the other."""
    random = np.random.default_rng(7)
    centres = np.repeat(random.normal(size=(n_clusters, 32)), n_each, axis=0)
    vectors = centres + random.normal(scale=0.6, size=centres.shape)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Assistant]:
    _write(tmp_path / "first.jsonl", _RECORDS)
    with _opened(tmp_path) as assistant:
        assistant.ingest(tmp_path / "first.jsonl")
        yield assistant


def _opened(folder: Path) -> Assistant:
    return Assistant(folder / "home", starter=False, encoder="static-256")


def _write(path: Path, records: list[dict[str, object]]) -> Path:
    path.write_text("\n".join(map(json.dumps, records)))
    return path


def test_the_same_vectors_give_the_same_places() -> None:
    vectors = _clusters(40)
    first, second = place(vectors), place(vectors.copy())
    assert np.array_equal(first, second)
    assert first.dtype == np.float32
    assert first.min() == 0.0
    assert first.max() == pytest.approx(1.0)


def test_near_papers_are_near() -> None:
    vectors = _clusters(40)
    places = place(vectors)
    ways = np.linalg.norm(places[:, None] - places[None], axis=-1)
    np.fill_diagonal(ways, np.inf)
    closest = np.argsort(ways, axis=1)[:, :10]
    assert np.mean(closest // 40 == np.arange(120)[:, None] // 40) > 0.99
    near = nearest(vectors, vectors, 10)
    kept = np.mean([len({*a} & {*b}) / 10 for a, b in zip(near, closest, strict=True)])
    assert kept > 0.45  # by chance 0.08, of the papers' own cluster alone 0.26


@pytest.mark.parametrize("n_papers", [0, 1, 2, 3, 7, 29, 30, 31])
def test_few_papers_have_places_too(n_papers: int) -> None:
    places = place(_clusters(20)[:n_papers])
    assert places.shape == (n_papers, 2)
    assert np.all((places >= 0.0) & (places <= 1.0 + 1e-6))


def test_equal_papers_and_empty_ones_break_nothing() -> None:
    vectors = np.tile(_clusters(1)[0], (40, 1))
    vectors[:3] = 0.0
    assert np.isfinite(place(vectors)).all()
    assert sorted(chain(*group(vectors, place(vectors)))) == list(range(40))


def test_every_paper_is_in_one_group_of_its_like() -> None:
    vectors = _clusters(30)
    groups = group(vectors, place(vectors))
    assert sorted(map(sorted, groups)) == [list(range(at, at + 30)) for at in (0, 30, 60)]


def test_there_are_ten_groups_at_most_and_none_is_tiny() -> None:
    vectors = _clusters(25, n_clusters=16)
    groups = group(vectors, place(vectors))
    assert len(groups) <= 10
    assert min(map(len, groups)) >= 8
    assert sorted(chain(*groups)) == list(range(400))
    assert [len(each) for each in groups] == sorted(map(len, groups), reverse=True)
    for n_papers in (1, 0):
        assert group(vectors[:n_papers], place(vectors[:n_papers])) == [[0]][:n_papers]


def _words(text: str) -> list[str]:
    return text.lower().replace(".", "").split()


def test_themes_are_named_by_what_their_titles_share_and_others_lack() -> None:
    titles = ["Deep coral reefs in winter", "Coral reefs and light", "Coral reefs seen from above"]
    titles += ["Steam engines and light", "Winter steam engines", "Light steam engines in winter"]
    papers = [paper(at, title=title) for at, title in enumerate(titles)]
    assert [names[0] for names in name_groups([[0, 1, 2], [3, 4, 5]], papers, _words)] == [
        "Coral reefs",
        "Steam engines",
    ]


def test_no_two_themes_have_one_name_and_some_have_none() -> None:
    papers = [paper(at, title="Coral reefs" if at < 8 else f"{at}") for at in range(12)]
    first, second, third = name_groups([[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]], papers, _words)
    assert first[0] == "Coral reefs"
    assert "Coral reefs" not in second
    assert third == []


def test_a_map_shows_every_paper_once_with_its_days(home: Assistant) -> None:
    drawn = home.map()
    papers = {each.paper_id: each for each in home.papers()}
    assert [point.paper_id for point in drawn.points] == sorted(papers)
    assert drawn.n_papers == 45
    for point in drawn.points:
        known = papers[point.paper_id]
        assert point.title == known.title
        assert point.days == tuple(each.day for each in known.listed)
        assert known.title.startswith(drawn.themes[point.theme].name)
    assert {theme.name for theme in drawn.themes} == set(_SUBJECTS)
    for number, theme in enumerate(drawn.themes):
        assert (theme.x, theme.y) in {(at.x, at.y) for at in drawn.points if at.theme == number}


def test_a_map_is_kept_and_laid_out_once(
    tmp_path: Path, home: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert home.maps.last() is None
    drawn = home.map()
    assert read_map(tmp_path / "home" / "map.json") == drawn

    def never(*_: object) -> CollectionMap:
        raise AssertionError("laid out again")

    monkeypatch.setattr(drawing, "draw", never)
    assert home.map() == drawn
    with _opened(tmp_path) as again:
        assert again.maps.last() == drawn
        assert again.map() == drawn


def test_a_map_is_laid_out_anew_behind_the_old_one(tmp_path: Path, home: Assistant) -> None:
    old = home.map()
    more = [{"title": "Coral reefs of the deep", "abstract": "Cold corals need no light."}]
    home.ingest(_write(tmp_path / "more.jsonl", more))
    assert home.maps.last() == old
    coming = home.maps.coming()
    assert home.maps.coming() is coming or coming.done()
    new = coming.result()
    assert new.n_papers == 46
    assert new.revision != old.revision
    assert home.maps.last() == new
    before = {point.paper_id: point for point in old.points}
    (added,) = [point for point in new.points if point.paper_id not in before]
    assert new.themes[added.theme].name == "Coral reefs"
    assert [point for point in new.points if point != added] == [*old.points]
    home.remove(new.points[0].paper_id)
    assert home.map().points == new.points[1:]
    assert home.map().n_changes == 2


def test_where_many_papers_came_all_are_laid_out_anew(tmp_path: Path, home: Assistant) -> None:
    home.map()
    more = [
        {"title": f"Desert beetles {at}", "abstract": f"Beetles drink fog on dune {at}."}
        for at in range(20)
    ]
    home.ingest(_write(tmp_path / "more.jsonl", more))
    new = home.map()
    assert (new.n_changes, len(new.points)) == (0, 65)
    assert "Desert beetles" in {theme.name for theme in new.themes}


def test_all_who_ask_at_once_wait_for_one(home: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on, draws = threading.Event(), threading.Event(), []
    draw = drawing.draw

    def held(*arguments: object) -> CollectionMap:
        draws.append(1)
        begun.set()
        assert go_on.wait(20)
        return draw(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(drawing, "draw", held)
    first = home.maps.coming()
    assert begun.wait(20)
    assert home.maps.coming() is first
    assert not first.done()
    go_on.set()
    assert home.map() == first.result()
    assert draws == [1]


def test_progress_is_told(home: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Progress] = []
    tell = Maps._tell
    monkeypatch.setattr(Maps, "_tell", lambda self, each: (told.append(each), tell(self, each)))
    home.map()
    shares = [each.share for each in told]
    assert shares == sorted(shares)
    assert [*dict.fromkeys(each.doing for each in told)] == [
        "Placing 45 papers",
        "Looking for themes",
        "Naming themes",
    ]
    assert home.maps.progress == told[-1]


def test_closing_ends_what_is_laid_out(
    tmp_path: Path, home: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    group_ = drawing.place

    def held(*arguments: object) -> object:
        begun.set()
        assert go_on.wait(20)
        return group_(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(drawing, "place", held)
    coming = home.maps.coming()
    assert begun.wait(20)
    closing = threading.Thread(target=home.maps.close)
    closing.start()
    assert home.maps._stopped.wait(20)
    go_on.set()
    closing.join(20)
    assert coming.exception() is not None
    assert not (tmp_path / "home" / "map.json").exists()


def test_an_error_is_told_to_who_asked_and_the_next_one_tries_again(
    home: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(grouping, "group", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            home.map()
    assert len(home.map().points) == 45


def test_a_large_collection_shows_a_sample_and_places_others_beside_their_like(
    tmp_path: Path, home: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maps, "MAX_POINTS", 36)
    drawn = home.map()
    assert (len(drawn.points), drawn.n_papers) == (36, 45)
    shown = {point.paper_id for point in drawn.points}
    missing = [each.paper_id for each in home.papers() if each.paper_id not in shown]
    extra = home.maps.also([*missing, *shown, "p:none", missing[0]], drawn)
    assert sorted(point.paper_id for point in extra) == sorted(missing)
    for point in extra:
        assert point.title.startswith(drawn.themes[point.theme].name)
        same = [each for each in drawn.points if each.theme == point.theme]
        assert min(each.x for each in same) <= point.x <= max(each.x for each in same)
    more = [{"title": f"Kelp {at}", "abstract": f"Kelp sways {at}."} for at in range(3)]
    home.ingest(_write(tmp_path / "more.jsonl", more))
    again = {point.paper_id for point in home.map().points}
    assert len(shown & again) >= 33
    assert len(again) == 36


def test_an_empty_collection_has_an_empty_map(tmp_path: Path) -> None:
    with _opened(tmp_path) as empty:
        drawn = empty.map()
        assert (drawn.points, drawn.themes) == ((), ())
        assert empty.maps.also(["p:1"], drawn) == []


_DRAWN = CollectionMap(
    "7.7",
    2,
    (Point("p:1", "Title “<b>”", ("--03-11",), 0.25, 1.0, 0),),
    (Theme("Reefs", ("a",), 0.5, 0.5),),
)


def test_a_map_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "map.json"
    write_map(_DRAWN, path)
    assert read_map(path) == _DRAWN
    assert [each.name for each in tmp_path.iterdir()] == ["map.json"]


@pytest.mark.parametrize(
    "content", ["", "[1]", "{}", '{"format": 0}', '{"format": 1, "points": [{}]}', "\x00"]
)
def test_a_damaged_file_is_no_map(tmp_path: Path, content: str) -> None:
    path = tmp_path / "map.json"
    assert read_map(path) is None
    path.write_text(content)
    assert read_map(path) is None


def test_a_map_that_cannot_be_kept_is_given_all_the_same(
    tmp_path: Path, home: Assistant, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "home" / "map.json").mkdir()
    assert len(home.map().points) == 45
    assert "cannot be kept" in caplog.text


def test_nobody_pays_for_a_map_who_wants_none(tmp_path: Path) -> None:
    source = _write(tmp_path / "first.jsonl", _RECORDS[:3])
    program = (
        "import sys; from assistant import Assistant\n"
        f"with Assistant({str(tmp_path / 'home')!r}, starter=False, encoder='static-256') as it:\n"
        f"    it.ingest({str(source)!r}); it.ask('Where do corals build reefs?')\n"
        "print(*sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = set(run.stdout.split())
    assert "assistant.mapping.maps" in loaded
    assert not loaded & {"networkx", "assistant.mapping.drawing", "assistant.mapping.placing"}
    assert not (tmp_path / "home" / "map.json").exists()
