"""Summaries, over a real collection of made-up papers on kites, and some on other things."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant.evidence import Evidence
from assistant.topics.digest import Digest
from assistant.topics.gaps import Gaps, gaps
from assistant.topics.on_topic import on_topic
from assistant.topics.phrases import phrases
from assistant.topics.reading import ReadPaper, read_papers
from assistant.topics.subject import subject
from assistant.topics.telling import Told, told
from assistant.topics.themes import Theme, themes
from assistant.topics.topic import topic_answer, topic_events
from assistant.types import Answer, Delta, Filters, Finished, Hit, Paper, Passage, Retrieved
from store.collection import Collection
from tests.papers import HashEncoder, bundled_encoder

_KITES = {
    "Kite Cameras for Glacier Mapping": "Glaciers are hard to reach. We hang a camera from a kite"
    " and map glacier tongues every hour. The maps are 4 times sharper than those of satellites.",
    "Glacier Speed from Kite Photographs": "How fast a glacier moves matters to the valley below."
    " We match photographs that a kite took of a glacier and measure its speed within 3 cm.",
    "Snow Depth on Glaciers by Kite Radar": "Snow hides the ice. We lift a radar with a kite and"
    " read the depth of snow on four glaciers. Errors stay below 9 percent.",
    "Kite Power for Ships": "Fuel is dear. We pull freighters with kites that fly figures of eight."
    " Ships save 12 percent of their fuel on the Atlantic.",
    "Steering Kites that Pull Ships": "A kite that pulls a ship must not fall. Our controller"
    " steers kites of 200 square metres from the bow. It kept ships towed for 60 hours.",
    "Kite Towing of Small Ships": "Small ships roll. We tow fishing ships with kites and measure"
    " how far they lean. Kites lessen the roll by 5 degrees.",
    "Why Kites Tumble in Gusts": "A kite tumbles when the wind turns faster than its tail. We film"
    " 300 tumbling kites in a wind tunnel. A longer tail prevents 8 of 10 falls.",
}
_OTHERS = {
    "Sourdough Starters by Altitude": "We bake bread at nine altitudes. Yeast is slower on"
    " mountains, and crusts are thicker by 2 millimetres.",
    "Reading Old Postcards": "Postcards fade. A scanner with three lamps reads 94 percent of the"
    " addresses on cards from 1910.",
    "Waiting Times at Bus Stops": "We count passengers at 48 stops. Buses come in pairs, and the"
    " second one is empty.",
    "Tuning Organ Pipes": "A pipe drifts with the weather. We tune 61 pipes with a motor, within"
    " one cent.",
    "Beetles under Street Lamps": "Lamps draw beetles. We count 7,000 beetles under 12 lamps and"
    " find that amber light draws a third of them.",
}
_FILLERS = {
    f"Roman Coins of Hoard {n}": f"Hoard {n} was found in a field. We weigh its {n + 20} coins."
    for n in range(40)
}
_ALL = _KITES | _OTHERS | _FILLERS
_TOPIC = "what kites do"


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    folder = tmp_path_factory.mktemp("topics")
    lines = [
        json.dumps({"title": title, "abstract": abstract, "listed": ["2024-03-11", "2024-03-14"]})
        for title, abstract in _ALL.items()
    ]
    (folder / "papers.jsonl").write_text("\n".join(lines), encoding="utf-8")
    opened = Collection(folder / "home", bundled_encoder(), starter=False)
    assert opened.ingest([folder / "papers.jsonl"]).added == len(_ALL)
    yield opened
    opened.close()


def _read(collection: Collection, query: str = _TOPIC) -> list[ReadPaper]:
    return read_papers(collection.search(query, 60), collection)


def _summary(collection: Collection, topic: str = _TOPIC, k: int | None = None) -> Answer:
    return topic_answer(collection, topic, k, Filters())


def _cited(answer: Answer) -> set[str]:
    return {citation.paper.title for citation in answer.citations}


# --- the papers on a topic ---


def test_all_papers_on_a_topic_are_cited_and_no_other(collection: Collection) -> None:
    assert _cited(_summary(collection)) == set(_KITES)


def test_a_narrow_topic_is_told_in_as_many_lines_as_there_are_papers(
    collection: Collection,
) -> None:
    answer = _summary(collection, "sourdough")
    assert answer.text == (
        "- **Sourdough Starters by Altitude.** We bake bread at nine altitudes. [1] Yeast is"
        " slower on mountains, and crusts are thicker by 2 millimetres. [2]"
    )


def test_no_more_papers_are_cited_than_asked_for(collection: Collection) -> None:
    three = _summary(collection, k=3)
    assert len(_cited(three)) == 3
    assert three.text.startswith("The 3 papers of 52 that are nearest to “what kites do”, listed")
    assert _cited(_summary(collection, k=200)) == set(_KITES)


@pytest.mark.parametrize("topic", ["quantum error correction", "zzqx blorf", "the of and", "?"])
def test_what_no_paper_is_on_is_refused(collection: Collection, topic: str) -> None:
    answer = _summary(collection, topic)
    assert (answer.refused, answer.citations, answer.sentences) == (True, (), ())
    assert answer.question == topic
    assert len(answer.nearest) <= 3


def test_one_word_that_several_abstracts_have_is_a_topic(collection: Collection) -> None:
    assert _summary(collection, "weather").refused  # a single abstract has it
    measuring = {"Glacier Speed from Kite Photographs", "Kite Towing of Small Ships"}
    assert measuring <= _cited(_summary(collection, "measure"))


def test_a_refusal_names_the_words_that_no_abstract_has(collection: Collection) -> None:
    assert _summary(collection, "quantum beetles of Mars").missing == ("quantum", "Mars") or (
        not _summary(collection, "quantum beetles of Mars").refused
    )
    assert _summary(collection, "quantum chromodynamics").missing == ("quantum", "chromodynamics")


def test_an_empty_collection_or_an_empty_filter_is_no_error(
    collection: Collection, tmp_path: Path
) -> None:
    assert topic_answer(collection, _TOPIC, None, Filters(published_from="2030")).refused
    empty = Collection(tmp_path / "home", bundled_encoder(), starter=False)
    assert "collection is empty" in _summary(empty).text
    empty.close()
    assert on_topic(_TOPIC, [], collection) == []


def test_papers_are_read_where_no_vector_of_a_sentence_is_known(tmp_path: Path) -> None:
    source = tmp_path / "papers.jsonl"
    papers = [{"title": title, "abstract": abstract} for title, abstract in _KITES.items()]
    source.write_text("\n".join(map(json.dumps, papers)))
    encoder = HashEncoder()  # cannot tell sentences in their context
    plain = Collection(tmp_path / "home", encoder, starter=False)
    plain.ingest([source])
    read = _read(plain)
    assert {each.paper.title for each in read} == set(_KITES)
    for each in read:
        assert each.vectors.shape == (len(each.spans), encoder.dimension)
        assert np.allclose(each.vectors, each.vector)
    assert _summary(plain).question == _TOPIC
    plain.close()


# --- what a summary says ---


def test_a_summary_says_what_there_is_before_any_paper(collection: Collection) -> None:
    answer = _summary(collection)
    overview = answer.text.partition("\n\n")[0]
    assert overview.startswith("7 of 52 papers are on “what kites do”, listed Mar 11–14, 2024. **")
    assert overview.endswith(f"[{overview.count('[')}]")


def test_papers_stand_under_the_phrase_they_share(collection: Collection) -> None:
    answer = _summary(collection)
    sections = re.split(r"\n\n## ", answer.text)[1:]
    under = {
        section.partition("\n")[0]: set(re.findall(r"\*\*(.+?)[.]\*\*", section))
        for section in sections
    }
    assert under["Also"] == {"Why Kites Tumble in Gusts"}
    glacier, ships = ({t for t in _KITES if word in t} for word in ("Glacier", "Ship"))
    assert sorted(under.values(), key=sorted) == sorted([glacier, ships, under["Also"]], key=sorted)


def test_every_sentence_stands_in_an_abstract_and_is_said_once(collection: Collection) -> None:
    answer = _summary(collection)
    for citation in answer.citations:
        paper = citation.paper
        assert citation.quote == paper.abstract[citation.start : citation.end] != ""
    marks = [int(number) for number in re.findall(r"(?<!\\)\[(\d+)\]", answer.text)]
    assert marks == [*range(1, len(answer.citations) + 1)]
    assert len({(each.paper, each.start) for each in answer.citations}) == len(answer.citations)
    assert [each.numbers for each in answer.sentences] == [(number,) for number in marks]
    assert all(each.text in answer.text for each in answer.sentences)


def test_events_join_to_the_answer_and_tell_early_what_was_found(collection: Collection) -> None:
    first, *pieces, last = topic_events(collection, _TOPIC, None, Filters())
    assert isinstance(first, Retrieved)
    assert isinstance(last, Finished)
    assert (first.query, len(first.hits)) == (_TOPIC, last.answer.n_near)
    assert "".join(each.text for each in pieces if isinstance(each, Delta)) == last.answer.text
    assert len(pieces) > 3
    assert last.answer.timings_s.keys() == {"retrieve", "choose", "group", "write", "total"}


def test_what_the_papers_lack_is_said(collection: Collection) -> None:
    answer = _summary(collection, "kites plus quasars, in gusts")
    assert answer.missing == ("quasars",)
    assert answer.text.endswith(
        "\n\nNo abstract mentions “quasars”. Only one of these papers mentions “gusts”."
    )


def test_a_word_is_rare_among_many_papers_only(collection: Collection) -> None:
    kites = [each for each in _read(collection) if each.paper.title in _KITES]
    assert gaps("kites in gusts", kites, collection) == Gaps((), (("gusts", 1),))
    assert gaps("kites in gusts", kites[:3], collection) == Gaps((), ())
    assert gaps("kites plus ships", kites, collection).text() == ""
    # One of them says "dear", and none is about that.
    assert gaps("kites that are dear", kites, collection) == Gaps((), ())


# --- its parts ---


def _paper(title: str, abstract: str, collection: Collection) -> ReadPaper:
    paper = Paper("p", title, abstract)
    hit = Hit(1, paper, 0.5, Passage("p", 0, len(abstract), abstract))
    return read_papers([hit], collection)[0]


def test_a_paper_is_told_by_what_it_does_and_finds_and_not_by_background(
    collection: Collection,
) -> None:
    abstract = (
        "Glaciers move in ways that nobody sees. Many have tried to photograph them. In this paper"
        " we photograph glaciers from a kite. The weather was fine. Photographs from a kite show"
        " that glaciers move 7 cm an hour."
    )
    said = told("kites", _paper("Photographs of Glaciers", abstract, collection), collection)
    assert said.does.quote == "In this paper we photograph glaciers from a kite."
    assert said.finds
    assert said.finds.quote.endswith("7 cm an hour.")


def test_a_question_tells_neither_what_a_paper_does_nor_what_it_finds(
    collection: Collection,
) -> None:
    abstract = "How can we find a kite over a glacier? A camera that turns with the wind finds it."
    said = told("kites", _paper("Finding a Kite over a Glacier", abstract, collection), collection)
    assert said.does.quote == "A camera that turns with the wind finds it."
    assert said.finds is None


def test_an_abstract_of_one_sentence_has_no_finding(collection: Collection) -> None:
    said = told(
        "kites", _paper("Kites", "We fly kites over the whole city.", collection), collection
    )
    assert (said.does.quote, said.finds) == ("We fly kites over the whole city.", None)


def test_phrases_end_at_signs_and_function_words(collection: Collection) -> None:
    paper = _paper("Kite Power for Ships: Long-Range Towing", "We tow.", collection)
    forms = {each.form: each.whole for each in phrases([paper], collection)}
    assert forms == {
        "Kite": False,
        "Kite Power": True,
        "Power": True,
        "Ships": True,
        "Long-Range": False,
        "Long-Range Towing": True,
        "Towing": True,
    }


def test_a_phrase_that_breaks_off_in_a_title_may_end_in_an_abstract(collection: Collection) -> None:
    title = "Search Space Shrinking Towards Efficient Kites"
    paper = _paper(title, "The search space is wide.", collection)
    whole = {each.form for each in phrases([paper], collection) if each.whole}
    assert "Search Space" in whole
    assert not whole & {"Towards Efficient", "Space Shrinking", "Shrinking"}


def test_few_papers_have_no_themes(collection: Collection) -> None:
    papers = _read(collection)[:5]
    assert themes(_TOPIC, papers, collection) == [Theme("", tuple(papers))]


def _told(name: str, n: int) -> Told:
    paper = Paper(name, f"On [{n}] `{name}`", "We do it [1]. It works.")
    return Told(Evidence(paper, 0, 13, 1.0, 0.5), Evidence(paper, 14, 23, 1.0, 0.5))


def _theme(name: str, told_of: list[Told], collection: Collection) -> Theme:
    papers = [each.does.paper for each in told_of]
    hits = [Hit(1, paper, 0.5, Passage(paper.paper_id, 0, 2, "We")) for paper in papers]
    return Theme(name, tuple(read_papers(hits, collection)))


def test_brackets_of_titles_and_abstracts_are_no_citations(collection: Collection) -> None:
    said = [_told("a", 7)]
    digest = Digest([_theme("", said, collection)], said)
    text = "".join(digest.paragraphs("kites [1]", 9, Gaps((), ())))
    assert text == r"- **On \[7] \`a\`.** We do it \[1]. [1] It works. [2]"


def test_what_only_leads_in_is_left_out_and_marked(collection: Collection) -> None:
    abstract = "Moreover, this is old. In this paper, we fly kites over a glacier."
    paper = Paper("a", "Kites", abstract)
    said = [Told(Evidence(paper, 23, len(abstract), 1.0, 0.5), None)]
    digest = Digest([_theme("", said, collection)], said)
    text = "".join(digest.paragraphs("kites", 9, Gaps((), ())))
    assert text == "- **Kites.** …we fly kites over a glacier. [1]"
    assert [each.quote for each in digest.citations] == ["we fly kites over a glacier."]


def test_an_overview_quotes_no_paper_that_has_nothing_more_to_say(collection: Collection) -> None:
    said = [Told(_told(f"p{n}", n).does, None) for n in range(3)]
    digest = Digest([_theme("", said, collection)], said)
    text = "".join(digest.paragraphs("kites", 9, Gaps((), ())))
    assert text.startswith("3 of 9 papers are on “kites”.\n\n- **On \\[0] \\`p0\\`.** We do it")


def test_an_overview_says_how_many_papers_each_theme_has(collection: Collection) -> None:
    said = [_told(f"p{n}", n) for n in range(7)]
    groups = [_theme("Sails", said[:4], collection), _theme("Tails", said[4:6], collection)]
    digest = Digest([*groups, _theme("", said[6:], collection)], said)
    text = "".join(digest.paragraphs("kites", 9, Gaps((), ())))
    assert text.partition("\n\n")[0] == (
        "7 of 9 papers are on “kites”. **Sails**, 4 papers: We do it \\[1]. [1] **Tails**,"
        " 2 papers: We do it \\[1]. [2] **Also**, 1 paper: We do it \\[1]. [3]"
    )
    assert re.findall("## (.+)", text) == ["Sails", "Tails", "Also"]


def test_many_papers_have_one_sentence_each(collection: Collection) -> None:
    said = [_told(f"p{n:02}", n) for n in range(12)]
    digest = Digest([_theme("", said, collection)], said)
    text = "".join(digest.paragraphs("kites [1]", 1200, Gaps((), ())))
    overview, _, items = text.partition("\n\n")
    assert overview == "12 of 1,200 papers are on “kites \\[1]”. The nearest: We do it \\[1]. [1]"
    assert items.startswith(r"- **On \[0] \`p00\`.** It works. [2]")
    n_sentences = [line.count("It works.") for line in text.splitlines() if line[:1] == "-"]
    assert n_sentences == [1] * 6 + [0] * 6
    assert len(digest.citations) == 18


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (
            "Give me an overview of the kite flying methods in this collection",
            "kite flying methods",
        ),
        ("how do kites fly? summarise the analysis papers", "how do kites fly"),
        ("kites over glaciers - whats the state of things?", "kites over glaciers"),
        ("what do the papers say about kites", "kites"),
        ("Please summarize what is known about kites.", "kites"),
        ("A survey of kites, from the literature", "kites, from the"),
        ("kites: what has been proposed", "kites: what has been proposed"),
        ("kites in papers of rice", "kites in papers of rice"),
        ("summarize", "summarize"),
        ("give me an overview", "give me an overview"),
        ("papers", "papers"),
        ("???", "???"),
    ],
)
def test_what_only_asks_is_no_part_of_a_topic(typed: str, meant: str) -> None:
    assert subject(typed) == meant
