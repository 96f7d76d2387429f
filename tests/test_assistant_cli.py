"""The commands as a shell runs them: what they print where, and how they end."""

import json
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.assistant import Assistant
from assistant.cli import app
from tests.papers import PAPERS, TITLES, bundled_encoder, write_papers
from tests.shell import run_apart, run_here

_ROOT = Path(__file__).parents[1]
_QUESTION = "How often does a kite camera map a glacier tongue?"
_PAPER_FIELDS = [
    *("paper_id", "title", "abstract", "authors", "published", "listed", "url", "links"),
    "identifiers",
]

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small home; tests that change one take another."""
    home = tmp_path_factory.mktemp("cli") / "home"
    with Assistant(home, starter=False, encoder=bundled_encoder()) as assistant:
        assistant.ingest(write_papers(home.parent / "papers.jsonl"))
    return home


@pytest.fixture
def own_home(tmp_path: Path) -> Path:
    """A small home of this test alone."""
    with Assistant(tmp_path / "own", starter=False, encoder=bundled_encoder()) as assistant:
        assistant.ingest(write_papers(tmp_path / "papers.jsonl"))
    return tmp_path / "own"


@pytest.fixture
def run(home: Path) -> Run:
    """Run a command; PAPER_ASSISTANT_HOME names the small home."""

    def run_it(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        return run_here(*arguments, PAPER_ASSISTANT_HOME=str(home), **environment)

    return run_it


def _document(done: subprocess.CompletedProcess[str]) -> dict[str, object]:
    """The one JSON document of a command that went well."""
    assert (done.stderr, done.returncode) == ("", 0)
    document = json.loads(done.stdout)
    assert isinstance(document, dict)
    return document


def test_ask_prints_the_answer_and_its_sources(home: Path) -> None:
    done = run_apart("ask", _QUESTION, PAPER_ASSISTANT_HOME=str(home))
    assert (done.stderr, done.returncode) == ("", 0)
    answer, sources = done.stdout.rsplit("\n\n", 1)
    assert "A camera on a kite maps a glacier tongue every hour, as proposed in [2, 3]. " in answer
    assert sources.endswith(" Glacier Tongues Seen from Kites (listed Mar 14, Mar 15)\n")


def test_a_question_need_not_be_quoted(run: Run) -> None:
    words = _QUESTION.split()
    assert _document(run("ask", *words, "--json", "-k", "3"))["question"] == _QUESTION
    found = _document(run("search", "whale", "song", "-k", "1", "--json"))
    assert found["query"] == "whale song"


def test_the_version_is_told_and_help_has_a_short_name(run: Run) -> None:
    assert run("--version").stdout == f"paper-assistant {version('paper-assistant')}\n"
    assert run("ask", "-h").stdout == run("ask", "--help").stdout != ""


def test_ask_as_json_is_one_document_with_the_names_of_the_contract(run: Run) -> None:
    answer = _document(run("ask", _QUESTION, "--json", "-k", "3"))
    assert list(answer) == [
        *("text", "refused", "kind", "question", "query", "citations", "sentences", "model"),
        *("timings_s", "nearest", "missing", "n_near", "answerable"),
        *("tokens_in", "tokens_out", "cached", "incomplete"),
    ]
    assert (answer["refused"], answer["question"], answer["n_near"]) == (False, _QUESTION, 3)
    abstracts = {paper["title"]: str(paper["abstract"]) for paper in PAPERS}
    citations = answer["citations"]
    assert isinstance(citations, list)
    assert [citation["number"] for citation in citations] == [*range(1, len(citations) + 1)]
    for citation in citations:
        assert list(citation) == [
            *("number", "paper_id", "title", "quote", "start", "end", "support")
        ]
        start, end = citation["start"], citation["end"]
        assert citation["quote"] == abstracts[citation["title"]][start:end] != ""


def test_a_refusal_is_a_result(run: Run) -> None:
    answer = _document(run("ask", "What is the capital of Mongolia?", "--json"))
    assert (answer["refused"], answer["citations"]) == (True, [])
    nearest = answer["nearest"]
    assert isinstance(nearest, list)
    assert [list(hit) for hit in nearest] == [["rank", "paper", "relevance", "passage"]] * 3
    done = run("ask", "What is the capital of Mongolia?")
    assert (done.stderr, done.returncode) == ("", 0)
    assert done.stdout.startswith("The collection does not answer this.")


def test_search_as_json_gives_hits_best_first_within_the_filters(run: Run) -> None:
    found = _document(run("search", "whale song", "--json", "--filter", "published_from=2024"))
    (hit,) = found["hits"]  # type: ignore[misc]
    assert (found["query"], list(found)) == ("whale song", ["query", "hits"])
    assert (hit["rank"], hit["paper"]["title"]) == (1, "Sparse Attention for Whale Song")
    assert list(hit["paper"]) == _PAPER_FIELDS
    passage = hit["passage"]
    assert passage["text"] == hit["paper"]["abstract"][passage["start"] : passage["end"]]


def test_search_that_finds_nothing_says_so(run: Run) -> None:
    done = run("search", "whale", "--filter", "source=none")
    message = "No paper was found; try other words or fewer filters.\n"
    assert (done.stdout, done.stderr, done.returncode) == (message, "", 0)


def test_summarize_as_json_is_an_answer(run: Run) -> None:
    answer = _document(run("summarize", "whale song", "--json"))
    assert (answer["refused"], answer["question"]) == (False, "whale song")
    assert str(answer["text"]).startswith("- **Whale Song Atlas: a Thousand Hours with Labels.** ")


def test_papers_are_listed_and_shown(run: Run) -> None:
    papers = _document(run("papers", "list", "--json"))["papers"]
    assert isinstance(papers, list)
    assert sorted(paper["title"] for paper in papers) == sorted(TITLES)
    assert all(list(paper) == _PAPER_FIELDS for paper in papers)
    assert _document(run("papers", "show", papers[0]["paper_id"], "--json")) == papers[0]
    lines = run("papers", "list").stdout.splitlines()
    assert lines == [f"{paper['paper_id']}\t{paper['title']}" for paper in papers]


def test_a_list_of_no_papers_says_so(run: Run) -> None:
    done = run("papers", "list", "--filter", "source=none")
    message = "No paper is there; ingest adds some, and fewer filters find more.\n"
    assert (done.stdout, done.stderr, done.returncode) == (message, "", 0)


def test_what_is_exported_is_ingested_as_the_same_papers(run: Run, tmp_path: Path) -> None:
    exported = run("papers", "export")
    assert (exported.stderr, exported.returncode) == ("", 0)
    source = tmp_path / "export.jsonl"
    source.write_text(exported.stdout, encoding="utf-8")
    with Assistant(tmp_path / "copy", starter=False, encoder=bundled_encoder()) as copy:
        assert copy.ingest(source).added == len(PAPERS)
    again = run("papers", "export", "--home", tmp_path / "copy")
    assert again.stdout == exported.stdout


def test_ingest_as_json_reports_what_was_done_and_what_was_not(
    run: Run, own_home: Path, tmp_path: Path
) -> None:
    new = write_papers(tmp_path / "new.jsonl", [{"title": "New", "abstract": "Brand new."}])
    with new.open("ab") as file:
        file.write(b"{broken\n")
    done = run("ingest", new, tmp_path / "papers.jsonl", tmp_path, "--home", own_home, "--json")
    assert done.returncode == 0
    report = json.loads(done.stdout)
    reason = report["rejected"][0]["reason"]
    assert report == {
        "added": 1,
        "updated": 0,
        "unchanged": len(PAPERS),
        "rejected": [
            {"source": str(new), "line": 2, "reason": reason},
            {
                "source": str(tmp_path),
                "line": 0,
                "reason": f"is a folder; name the files in it, as in {tmp_path}/*",
            },
        ],
        "papers": len(PAPERS) + 1,
    }
    assert f"{new}:2: {reason}" in done.stderr.splitlines()
    assert "Traceback" not in done.stderr


def test_remove_removes_one_paper(run: Run, own_home: Path) -> None:
    (line, *_) = run("papers", "list", "--home", own_home).stdout.splitlines()
    paper_id = line.partition("\t")[0]
    removed = _document(run("papers", "remove", paper_id, "--home", own_home, "--json"))
    assert removed == {"removed": [paper_id], "papers": len(PAPERS) - 1}
    done = run("papers", "remove", paper_id, "--home", own_home)
    message = f"There is no paper {paper_id!r}; `papers list` shows the ids\n"
    assert (done.stdout, done.stderr, done.returncode) == ("", message, 1)


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["ask", ""], 2, "The question is empty; ask something about the papers"),
        (["ask", " \n "], 2, "The question is empty; ask something about the papers"),
        (["ask", "x" * 100_000], 2, "The question has 100,000 characters and 2,000 are allowed;"),
        (["search", "x", "-k", "0"], 2, "k is 0; ask for 1 to 200 papers"),
        (["search", "x", "--filter", "listed_from"], 2, "The filter 'listed_from' is not of the"),
        (["search", "x", "--filter", "listed_from=soon"], 2, "listed_from: 'soon' is not a date;"),
        (["search", "x", "--filter", "colour=red"], 2, "There is no filter 'colour'; there are"),
        (["papers", "show", "none"], 1, "There is no paper 'none'; `papers list` shows the ids"),
        (["ask", "x", "--model", "gpt"], 1, "The chat model 'gpt' needs an address;"),
    ],
)
def test_a_bad_call_ends_with_one_line_and_its_status(
    home: Path, arguments: list[str], status: int, message: str
) -> None:
    done = CliRunner().invoke(app, arguments, env={"PAPER_ASSISTANT_HOME": str(home)})
    assert (done.stdout, done.exit_code) == ("", status)
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith(message)


@pytest.mark.parametrize("host", ["192.0.2.1", "a" * 100], ids=["another machine", "no name"])
def test_an_address_that_is_not_this_machines_ends_with_one_line(home: Path, host: str) -> None:
    done = run_apart("serve", "--host", host, "--home", home)
    assert (done.stdout, done.returncode, done.stderr.count("\n")) == ("", 1, 1)
    assert done.stderr.startswith(f"{host}:7860 cannot be listened on (")
    assert done.stderr.endswith("; name another with --host or --port\n")


def test_an_empty_question_ends_the_process_with_one_line(home: Path) -> None:
    done = run_apart("ask", "", "--home", home)
    message = "The question is empty; ask something about the papers\n"
    assert (done.stdout, done.stderr, done.returncode) == ("", message, 2)


@pytest.mark.parametrize("arguments", [["ask"], ["ask", "x", "--nope"], ["nope"], ["search", "-k"]])
def test_a_call_of_no_known_form_is_a_wrong_call(arguments: list[str]) -> None:
    done = CliRunner().invoke(app, arguments)
    assert (done.stdout, done.exit_code) == ("", 2)
    assert "Error: " in done.stderr
    assert "Traceback" not in done.stderr


def test_a_bad_source_ends_with_one_line_and_nothing_is_lost(
    run: Run, home: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty.txt").touch()
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)))
    reasons = {
        tmp_path / "empty.txt": "is empty",
        tmp_path / "binary.txt": "is not UTF-8 text; save it as UTF-8 and try again",
        tmp_path / "missing.txt": "there is no such file; check the path",
        tmp_path: f"is a folder; name the files in it, as in {tmp_path}/*",
    }
    for path, reason in reasons.items():
        done = run("ingest", path)
        assert (done.stderr, done.returncode) == (f"{path}: {reason}\n", 1)
        assert done.stdout == "12 papers now: 0 added, 0 updated, 0 unchanged, 1 rejected.\n"
    with Assistant(home, encoder=bundled_encoder()) as assistant:
        assert assistant.count() == len(PAPERS)


def test_a_home_that_is_none_ends_with_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("Years of work.", encoding="utf-8")
    for home, message in {
        tmp_path: f"{tmp_path} is not a home folder and not empty;",
        tmp_path / "thesis.txt": f"'{tmp_path / 'thesis.txt'}' cannot be used as a home folder",
        Path("/proc/nothing/home"): "'/proc/nothing/home' cannot be used as a home folder",
    }.items():
        done = run("ask", "x", "--home", home)
        assert (done.stdout, done.returncode) == ("", 1)
        assert done.stderr.count("\n") == 1
        assert done.stderr.startswith(message)
    assert (tmp_path / "thesis.txt").read_text(encoding="utf-8") == "Years of work."


def test_an_unknown_setting_ends_with_one_line(run: Run) -> None:
    done = run("ask", "x", PAPER_ASSISTANT_HOEM="/tmp/x")
    message = "There is no setting PAPER_ASSISTANT_HOEM; did you mean PAPER_ASSISTANT_HOME?\n"
    assert (done.stdout, done.stderr, done.returncode) == ("", message, 1)


def test_a_question_that_is_no_text_ends_with_one_line(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "assistant.cli", "ask", b"whale \xff song", "--home", home],
        cwd=_ROOT,
        capture_output=True,
        timeout=60,
    )
    assert (done.stdout, done.returncode) == (b"", 2)
    assert done.stderr == b"The question is not UTF-8 text; type it again\n"


def test_a_chat_answers_line_after_line_and_remembers(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "assistant.cli", "chat", "--home", str(home)],
        cwd=_ROOT,
        input="How many hydrophones recorded whale song?\n\n"
        + "x" * 3000
        + "\nand who labels it?\n",
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0
    assert done.stdout.count("Whale Song Atlas: a Thousand Hours with Labels") == 2
    said = done.stderr.splitlines()
    assert said[0] == f"{len(PAPERS)} papers. Ctrl-D ends the chat."
    assert said[1].startswith("The question has 3,000 characters")
    assert len(said) == 2
