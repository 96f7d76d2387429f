"""Answers, hits and papers as text for a terminal and as JSON types."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace

from assistant.escaping import unescaped
from assistant.support import WEAK
from assistant.types import Answer, Citation, Hit, IngestReport, Paper
from store.paper_json import paper_as_dict

__all__ = [
    "answer_as_dict",
    "answer_as_text",
    "cost_as_text",
    "day_as_text",
    "hit_as_dict",
    "hits_as_text",
    "listed_as_text",
    "notes_as_text",
    "paper_as_bibtex",
    "paper_as_text",
    "papers_as_file",
    "report_as_dict",
    "report_as_text",
]

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def answer_as_dict(answer: Answer) -> dict[str, object]:
    """An answer with the field names of the Python one; a citation names its paper by id."""
    return {
        "text": answer.text,
        "refused": answer.refused,
        "kind": answer.kind,
        "question": answer.question,
        "query": answer.query,
        "citations": [_citation_as_dict(citation) for citation in answer.citations],
        "sentences": [asdict(sentence) for sentence in answer.sentences],
        "model": answer.model,
        "timings_s": dict(answer.timings_s),
        "nearest": [hit_as_dict(hit) for hit in answer.nearest],
        "missing": list(answer.missing),
        "n_near": answer.n_near,
        "answerable": answer.answerable,
        "tokens_in": answer.tokens_in,
        "tokens_out": answer.tokens_out,
        "cached": answer.cached,
        "incomplete": answer.incomplete,
    }


def _citation_as_dict(citation: Citation) -> dict[str, object]:
    return {
        "number": citation.number,
        "paper_id": citation.paper.paper_id,
        "title": citation.paper.title,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
        "support": citation.support,
    }


def hit_as_dict(hit: Hit) -> dict[str, object]:
    """A hit with its whole paper."""
    return {
        "rank": hit.rank,
        "paper": paper_as_dict(hit.paper),
        "relevance": hit.relevance,
        "passage": asdict(hit.passage),
    }


def paper_as_bibtex(paper: Paper) -> str:
    """A paper's entry for a list of references, without its abstract."""
    return "".join(papers_as_file([replace(paper, abstract="")], "bibtex")).strip()


def papers_as_file(
    papers: Iterable[Paper], form: str, columns: Mapping[str, Mapping[str, str]] | None = None
) -> Iterator[str]:
    """Papers in a form that ``ingest`` reads, piece by piece: "jsonl", "csv" or "bibtex".

    Args:
        papers: In the order they are to stand in.
        form: One of these.
        columns: What else is told of each, by heading and paper id; not in BibTeX.

    Raises:
        SourceError: There is no such form.
    """
    from store.writers import written

    return written(papers, form, columns)


def report_as_dict(report: IngestReport) -> dict[str, object]:
    """What an ingest did."""
    return asdict(report)


def answer_as_text(answer: Answer) -> str:
    """An answer and, under it, what fails its weak sentences and what its numbers stand for."""
    return "\n".join(filter(None, (unescaped(answer.text), notes_as_text(answer))))


def notes_as_text(answer: Answer) -> str:
    """What stands under an answer: why weak sentences are weak, then its sources; "" for none."""
    weak = [
        f"(sentence {number} is weak: {sentence.reason})"
        for number, sentence in enumerate(answer.sentences, 1)
        if sentence.support < WEAK and sentence.reason
    ]
    return "\n".join(filter(None, (*weak, _sources_as_text(answer))))


def _sources_as_text(answer: Answer) -> str:
    """What an answer's numbers stand for, a line a paper under an empty one; "" for none."""
    numbers: dict[Paper, list[int]] = {}
    for citation in answer.citations:
        numbers.setdefault(citation.paper, []).append(citation.number)
    lines = [_source_line(paper, cited) for paper, cited in numbers.items()]
    return "\n".join(["", *lines]) if lines else ""


def cost_as_text(answer: Answer) -> str:
    """What a chat model took for an answer: "gpt: 812 tokens in, 64 out, 1.4 s"."""
    if answer.cached:
        took = "kept from before, no tokens"
    else:
        took = f"{answer.tokens_in:,} tokens in, {answer.tokens_out:,} out"
    seconds = answer.timings_s.get("total")
    return f"{answer.model}: {took}" + (f", {seconds:.1f} s" if seconds is not None else "")


def _source_line(paper: Paper, numbers: Sequence[int]) -> str:
    """A cited paper with all of its numbers: "[1] [2] Title (listed Mar 14)"."""
    marks = " ".join(f"[{number}]" for number in numbers)
    days = listed_as_text(paper)
    return f"{marks} {paper.title}" + (f" ({days})" if days else "")


def hits_as_text(hits: Sequence[Hit]) -> str:
    """A line a hit: rank, title, days, id."""
    return "\n".join(f"{hit.rank:>3}. {hit.paper.title}\n     {_about(hit.paper)}" for hit in hits)


def paper_as_text(paper: Paper) -> str:
    """A whole paper, for reading."""
    lines = [paper.title, _about(paper)]
    if paper.authors:
        lines.append(", ".join(paper.authors))
    lines += [address for address in (paper.url, *paper.links) if address]
    return "\n".join([*lines, "", paper.abstract])


def report_as_text(report: IngestReport) -> str:
    """One line of counts."""
    return (
        f"{report.papers} papers now: {report.added} added, {report.updated} updated,"
        f" {report.unchanged} unchanged, {len(report.rejected)} rejected."
    )


def _about(paper: Paper) -> str:
    days = listed_as_text(paper)
    return f"{days} · {paper.paper_id}" if days else paper.paper_id


def listed_as_text(paper: Paper) -> str:
    """When a paper was listed: "listed Mar 11, Mar 14"; "" where no day is known."""
    days = [day_as_text(listing.day) for listing in paper.listed if listing.day]
    return f"listed {', '.join(dict.fromkeys(days))}" if days else ""


def day_as_text(day: str) -> str:
    """A day for people: "Mar 14", "Mar 14, 2024", "Mar 2024" or "2024"."""
    year, _, rest = ("", "", day[2:]) if day.startswith("--") else day.partition("-")
    if not rest:
        return year
    month, _, number = rest.partition("-")
    name = _MONTHS[int(month) - 1]
    if not number:
        return f"{name} {year}"
    return f"{name} {int(number)}" + (f", {year}" if year else "")
