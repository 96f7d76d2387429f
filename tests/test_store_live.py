"""Daily papers and arXiv from recorded replies, and what is never fetched."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from store.live import arxiv, daily_papers, fetching, is_live, read_live
from store.live.steps import Step, Unfinished
from store.readers.record import Record
from store.reading import Reading
from store.types import Listing, Rejection
from tests.recorded_site import Recorded, Site, recorded_site


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A site in the place of both, whose address counts as public."""
    with recorded_site() as site:
        monkeypatch.setattr(fetching, "HOSTS", (site.host,))
        monkeypatch.setattr(fetching, "_SCHEME", "http")
        monkeypatch.setattr(fetching, "_is_public", lambda _: True)
        monkeypatch.setattr(arxiv, "_API", f"http://{site.host}/api/query")
        monkeypatch.setattr(daily_papers, "_API", f"http://{site.host}/api/daily_papers")
        yield site


def _read(source: str) -> list[Record | Rejection]:
    """What a source gives, without its steps."""
    return [item for item in read_live(source) if not isinstance(item, Step)]


def _paper(number: int) -> dict[str, object]:
    name = f"2403.{number:05}"
    paper = {
        "id": name,
        "title": f"Kites {number}",
        "summary": "A kite maps a glacier.",
        "authors": [{"name": "Ada Keel"}],
        "publishedAt": "2024-03-10T09:00:00.000Z",
    }
    return {"paper": paper, "title": f"Kites {number}", "publishedAt": "2024-03-11T01:00:00.000Z"}


def _daily(*numbers: int) -> Recorded:
    return Recorded(json.dumps([_paper(number) for number in numbers]).encode())


def _feed(*numbers: int) -> Recorded:
    entries = "".join(
        f"<entry><id>http://arxiv.org/abs/2403.{number:05}v1</id><title>Kites {number}</title>"
        "<summary>A kite maps a glacier.</summary><author><name>Ada Keel</name></author>"
        "<published>2024-03-10T09:00:00Z</published></entry>"
        for number in numbers
    )
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'
    return Recorded(feed.encode(), "application/atom+xml; charset=utf-8")


def _asked(site: Site) -> list[dict[str, str]]:
    return [{k: v[0] for k, v in parse_qs(urlsplit(path).query).items()} for path in site.asked]


def test_a_day_of_daily_papers_is_read_page_by_page(site: Site) -> None:
    site.answers = [_daily(*range(100)), _daily(100)]
    found = _read("hf:2024-03-11")
    assert _asked(site) == [
        {"date": "2024-03-11", "p": "0", "limit": "100"},
        {"date": "2024-03-11", "p": "1", "limit": "100"},
    ]
    assert len(found) == 101
    assert found[100] == Record(
        source="hf:2024-03-11",
        line=0,
        title="Kites 100",
        abstract="A kite maps a glacier.",
        listed=(Listing("trending", "2024-03-11"),),
        authors=("Ada Keel",),
        published="2024-03-10",
        url="https://huggingface.co/papers/2403.00100",
        identifiers=("arxiv:2403.00100",),
    )


def test_a_range_of_days_is_read_day_by_day(site: Site) -> None:
    site.answers = [_daily(1), _daily(), _daily(2)]
    found = _read("hf:2024-02-28..2024-03-01")
    assert [asked["date"] for asked in _asked(site)] == ["2024-02-28", "2024-02-29", "2024-03-01"]
    assert [each.listed[0].day for each in found if isinstance(each, Record)] == [
        "2024-02-28",
        "2024-03-01",
    ]


def test_each_day_is_told_as_it_arrives_and_a_later_reading_goes_on_behind_those_stored(
    site: Site, tmp_path: Path
) -> None:
    source, rejected = "hf:2024-03-01..2024-03-04", list[Rejection]()
    kept = Unfinished(tmp_path / "fetching.json")
    site.answers = [_daily(1), _daily(), _daily(2), Recorded(status=404)]
    reading = Reading([source], rejected, kept)
    told = [(len(batch), reading.progress().share) for batch in reading.batches(50)]
    assert told == [(1, 0.25), (0, 0.5), (1, 0.75)]
    assert [str(each) for each in rejected] == [f"{source}: {site.host} answered 404"]
    site.answers = [_daily(3)]
    site.asked.clear()
    reading = Reading([source], rejected, kept)
    told = [(len(batch), reading.progress().share) for batch in reading.batches(50)]
    assert told == [(1, 1.0)]
    assert [asked["date"] for asked in _asked(site)] == ["2024-03-04"]
    # With its last day a source is forgotten: asked for again, it is fetched anew.
    assert not (tmp_path / "fetching.json").exists()
    assert len(list(Reading([source], rejected, kept).batches(50))) == 4


def test_a_day_that_was_fetched_and_not_stored_is_fetched_again(site: Site, tmp_path: Path) -> None:
    kept = Unfinished(tmp_path / "fetching.json")
    site.answers = [_daily(1), _daily(2)]
    source = "hf:2024-03-01..2024-03-02"
    for _ in range(2):
        (first, *_) = next(Reading([source], [], kept).batches(50))
        site.answers.insert(0, _daily(1))
        assert first.title == "Kites 1"
    assert [asked["date"] for asked in _asked(site)] == ["2024-03-01"] * 2


def test_ids_are_told_request_by_request(site: Site, tmp_path: Path) -> None:
    site.answers = [_feed(*range(100)), _feed(*range(100, 150))]
    source = "arxiv:" + ",".join(f"2403.{n:05}" for n in range(150))
    reading = Reading([source], [], Unfinished(tmp_path / "fetching.json"))
    told = [(len(batch), reading.progress().share) for batch in reading.batches(2_000)]
    assert told == [(100, 0.5), (50, 1.0)]


def test_papers_of_arxiv_are_read_by_id_and_the_unknown_named(site: Site) -> None:
    site.answers = [_feed(1, 2)]
    *found, missing = _read("arxiv:2403.00001, 2403.00002v3,2403.00009")
    assert _asked(site) == [
        {"id_list": "2403.00001,2403.00002v3,2403.00009", "max_results": "3"},
    ]
    assert [each.title for each in found if isinstance(each, Record)] == ["Kites 1", "Kites 2"]
    assert missing == Rejection(
        "arxiv:2403.00001, 2403.00002v3,2403.00009", 0, "arXiv gives no paper 2403.00009"
    )


@pytest.mark.parametrize(
    ("query", "sent"),
    [("graph kernels", "all:graph AND all:kernels"), ("cat:cs.CL AND ti:x", "cat:cs.CL AND ti:x")],
)
def test_a_query_goes_to_arxiv_in_its_own_language(site: Site, query: str, sent: str) -> None:
    site.answers = [_feed(1)]
    assert len(_read(f"arxiv-search:{query}")) == 1
    assert _asked(site) == [{"search_query": sent, "max_results": "100"}]


@pytest.mark.parametrize(
    "source",
    [
        "arXiv:2403.00001v1",
        "https://arxiv.org/abs/2403.00001v1",
        "http://www.arxiv.org/pdf/2403.00001v1.pdf#page=2",
        "https://huggingface.co/papers/2403.00001v1?ref=x",
    ],
)
def test_the_address_of_a_page_means_its_paper(site: Site, source: str) -> None:
    site.answers = [_feed(1)]
    assert len(_read(source)) == 1
    assert _asked(site) == [{"id_list": "2403.00001v1", "max_results": "1"}]


def test_the_address_of_a_day_means_its_papers(site: Site) -> None:
    site.answers = [_daily(1)]
    assert len(_read("https://huggingface.co/papers/date/2024-03-11")) == 1
    assert _asked(site)[0]["date"] == "2024-03-11"


def test_what_arxiv_does_not_understand_is_passed_on(site: Site) -> None:
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/api/errors#x</id>'
        "<title>Error</title><summary>incorrect query</summary></entry></feed>"
    )
    site.answers = [Recorded(body.encode(), "application/atom+xml")]
    (found,) = _read("arxiv-search:ti:")
    assert found == Rejection("arxiv-search:ti:", 1, "arXiv says: incorrect query")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Recorded(status=404), "answered 404"),
        (Recorded(status=500), "answered 500"),
        (Recorded(b"<html>", "text/html"), "sent text/html, not application/json"),
        (Recorded(b"{"), "sent no valid JSON for 2024-03-11"),
        (Recorded(b"{}"), "sent no list of papers for 2024-03-11"),
        (Recorded(b"x" * 3_000), "sends more than the"),
        (Recorded(status=302, headers=(("Location", "https://evil.test/"),)), "leads to"),
        (Recorded(status=302, headers=(("Location", "http://127.0.0.1:9/"),)), "leads to"),
        (Recorded(status=302, headers=(("Location", "file:///etc/passwd"),)), "leads to"),
        (Recorded(status=302, headers=(("Location", "/again"),)), "leads on and on"),
    ],
    ids=[
        *("404", "500", "other type", "no JSON", "no list", "too large", "elsewhere", "inside"),
        *("a file", "in circles"),
    ],
)
def test_a_site_that_misbehaves_is_one_rejection(
    site: Site, answer: Recorded, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "_MAX_BYTES", 2_000)
    site.answers = [answer]
    (found,) = _read("hf:2024-03-11")
    assert isinstance(found, Rejection)
    assert (found.source, reason in found.reason) == ("hf:2024-03-11", True), found


def test_a_site_that_sends_for_too_long_is_one_rejection(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "_TOTAL_S", -1.0)
    site.answers = [_daily(1)]
    (found,) = _read("hf:2024-03-11")
    assert isinstance(found, Rejection)
    assert found.reason == "takes longer than -1 s; try again later"


def test_a_busy_site_is_asked_again_when_it_says(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(fetching, "_wait", waited.append)
    busy = Recorded(status=429, headers=(("Retry-After", "7"),))
    site.answers = [busy, Recorded(status=503, headers=(("Retry-After", "9999"),)), _daily(1)]
    (found,) = _read("hf:2024-03-11")
    assert isinstance(found, Record)
    assert [seconds for seconds in waited if seconds > 0] == [7.0, 30.0]
    site.answers = [busy]
    (found,) = _read("hf:2024-03-11")
    assert isinstance(found, Rejection)
    assert found.reason == f"{site.host} answered 429; try again later"
    assert len(site.asked) == 6


def test_requests_to_arxiv_keep_their_distance(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(fetching, "_wait", waited.append)
    monkeypatch.setattr(fetching, "_GAP_S", {site.host: 3.0})
    site.answers = [_feed(1)]
    for _ in range(3):
        _read("arxiv:2403.00001")
    assert [2.0 < seconds <= 3.0 for seconds in waited] == [False, True, True]


def test_a_private_address_behind_a_known_name_is_not_asked(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(fetching, "HOSTS", ("papers.test",))
    monkeypatch.setattr(daily_papers, "_API", "https://papers.test/api")
    for proxy in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(proxy, raising=False)
    for address in ("127.0.0.1", "10.0.0.7", "169.254.169.254", "::1", "fe80::1%eth0", "0.0.0.0"):
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, found=found, **__: found)
        (rejected,) = _read("hf:2024-03-11")
        assert isinstance(rejected, Rejection)
        assert rejected.reason == "papers.test has a private address here, which is not asked"
    assert not site.asked


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("hf:yesterday", "'yesterday' is no day; write hf:2024-03-11"),
        ("hf:", "'' is no day; write hf:2024-03-11"),
        ("hf:2024-03-11..2020-01-01", "is no range of 1 to 366 days"),
        ("arxiv:../../etc", "'../../etc' is no arXiv id; write arxiv:2403.01234"),
        ("arxiv:", "names 0 ids; 1 to 2,000 are fetched at once"),
        ("arxiv-search:", "has no query; write arxiv-search:graph kernels"),
    ],
)
def test_a_source_that_makes_no_sense_is_not_fetched(site: Site, source: str, reason: str) -> None:
    (found,) = _read(source)
    assert isinstance(found, Rejection)
    assert reason in found.reason
    assert not site.asked


def test_a_file_comes_before_the_network(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("hf:2024-03-11").write_text("Get trending papers in your email inbox\nT\nA text.\n")
    reading = Reading(["hf:2024-03-11"], [], Unfinished(tmp_path / "fetching.json"))
    assert [record.title for batch in reading.batches(9) for record in batch] == ["T"]
    assert not site.asked


@pytest.mark.parametrize(
    "source", ["a.jsonl", "C:/papers.bib", "http://x.test/", "hf", "https://arxiv.org/"]
)
def test_other_names_are_files(source: str) -> None:
    assert not is_live(source)
