import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.chat.checked import weak_note
from assistant.days import span
from assistant.refusal import REFUSED, refusal_text
from assistant.types import Answer
from tests.ui_papers import HOSTILE, Parsed, answer, citation, hit, listed, paper, sentence
from ui.answers import render_conversation, render_exchange
from ui.evidence import NO_EVIDENCE, highlighted, render_evidence
from ui.exchange import Exchange
from ui.frame import HINT, render_head, render_header, render_hello, render_hint
from ui.overview import Overview
from ui.references import exchange_as_markdown
from ui.safe import link, plain, safe_url

_ONE, _TWO = paper(1), paper(2)
_CITED = (
    citation(1, _ONE, "First of 1."),
    citation(2, _TWO, "Second of 2."),
    citation(3, _ONE, "Third of 1."),
)

each_hostile = pytest.mark.parametrize("hostile", HOSTILE)


def _finished(given: Answer, number: int = 1) -> Exchange:
    return Exchange(number, given.question, query=given.query, text=given.text, answer=given)


# --- text and links ---


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a < b & \"c\" 'd'", "a &lt; b &amp; &quot;c&quot; &#x27;d&#x27;"),
        ("evil\u202egpj.exe\u2066\u200f", "evilgpj.exe"),
        ("nul\x00 esc\x1b bom\ufeff", "nul esc bom"),
        ("tab\tline\nkept", "tab\tline\nkept"),
        ("שלום 👩‍🔬 é ∑", "שלום 👩‍🔬 é ∑"),
    ],
)
def test_text_is_escaped_and_loses_only_what_is_invisible(text: str, shown: str) -> None:
    assert plain(text) == shown


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://example.org/",
        "//example.org/",
        "/gradio_api/file=x",
        "https://",
        "https:///path",
        "https://user:secret@example.org/",
        "https://example.org@evil.example/",
        'https://example.org/"onmouseover="alert(1)',
        "https://example.org/<script>",
        "https://example.org\\@evil.example",
        "https://exаmple.org/",  # noqa: RUF001 (a Cyrillic letter)
        "https://[::1",
        "",
    ],
)
def test_an_address_that_is_no_plain_web_page_is_no_link(address: str) -> None:
    assert safe_url(address) == ""
    assert link(address, "words") == ""


def test_a_link_opens_elsewhere_and_tells_nothing() -> None:
    (found,) = Parsed(link("https://example.org/a?b=1&c=2", "<i>")).tags
    assert found == (
        "a",
        {
            "href": "https://example.org/a?b=1&c=2",
            "target": "_blank",
            "rel": "noopener noreferrer",
        },
    )


# --- an exchange ---


def test_an_exchange_just_asked_is_busy_and_says_so() -> None:
    parsed = Parsed(render_exchange(Exchange(1, "Why?")))
    assert parsed.find("article", aria_busy="true")
    assert parsed.text == "Why?Searching …"


@pytest.mark.parametrize(("n_near", "said"), [(1, "1 near paper …"), (8, "8 near papers …")])
def test_an_exchange_that_found_papers_says_how_many(n_near: int, said: str) -> None:
    exchange = Exchange(1, "Why?", query="why?", n_near=n_near)
    assert Parsed(render_exchange(exchange)).text == f"Why?Reading {said}"


@pytest.mark.parametrize(
    ("query", "said"),
    [("why  IS it?", ""), ("sky colour why", "Searched for “sky colour why”"), ("", "")],
)
def test_the_query_is_shown_where_it_is_not_the_question(query: str, said: str) -> None:
    html = render_exchange(Exchange(1, "Why is it?", query=query, text="So."))
    assert Parsed(html).text == f"Why is it?{said}So."


def test_what_is_searched_for_takes_the_place_of_the_search_and_moves_nothing() -> None:
    asked = Exchange(1, "Why is it?")
    known = replace(asked, query="sky colour why", n_near=2)
    lines = [Parsed(render_exchange(each)).find("p") for each in (asked, known)]
    assert [[had["class"] for had in each] for each in lines] == [["ran"], ["ran", "wait"]]
    assert Parsed(render_exchange(asked)).text == "Why is it?Searching …"


def test_what_a_badge_says_of_a_sentence_is_not_said_once_more_below() -> None:
    weak = sentence(
        "Bad claim. [1]", 1, support=0.1, reason="the number 7 is not in the cited text"
    )
    note = weak_note((weak,))
    told = answer(f"Bad claim. [1]\n\n{note}", _CITED[:1], sentences=(weak,))
    coming = replace(_finished(told), answer=None, text=told.text)
    for exchange in (_finished(told), coming):
        assert "Not supported" not in render_exchange(exchange)
    assert "not supported by [1]" in render_exchange(_finished(told))
    copied = exchange_as_markdown(_finished(told))
    assert "Not supported" not in copied
    assert "- Sentence 1 is weak: the number 7 is not in the cited text" in copied


def test_a_text_being_written_has_marks_that_lead_nowhere_yet() -> None:
    html = render_exchange(Exchange(1, "Why?", query="why?", text="So. [1] And [3], [2023]. [2]"))
    parsed = Parsed(html)
    assert [had for tag, had in parsed.tags if tag == "span"] == [{"class": "c"}] * 2
    assert parsed.text == "Why?So.1 And [3], [2023].2"
    assert not parsed.find("a")


@given(st.integers(0, 40))
def test_no_half_mark_is_ever_shown(n_chars: int) -> None:
    text = r"In 2023. [1] So \[4] it is. [2][12]"[:n_chars]
    shown = Parsed(render_exchange(Exchange(1, "", text=text or "-"))).text
    assert not re.search(r"\[\d*$|\\", shown)


def test_a_stopped_exchange_keeps_its_text_and_is_not_busy() -> None:
    parsed = Parsed(render_exchange(Exchange(1, "Why?", text="Because", stopped=True)))
    assert parsed.find("article", aria_busy="false")
    assert parsed.text == "Why?BecauseStopped."


@each_hostile
def test_a_problem_is_an_alert_in_plain_words(hostile: str) -> None:
    parsed = Parsed(render_exchange(Exchange(1, hostile, problem=hostile)))
    assert {tag for tag, _ in parsed.tags} == {"article", "h2", "div", "p", "button", "span"}
    assert parsed.find("div", role="alert")
    assert parsed.find("button", class_="pill", data_do="retry")
    assert not parsed.find("button", class_="deed retry")
    _assert_harmless(parsed)


# --- an answer ---


def test_the_marks_of_an_answer_lead_to_the_quotes_and_carry_them() -> None:
    told = answer("So. [1] And so. [2] Again. [1]", _CITED[:2])
    marks = Parsed(render_exchange(_finished(told, number=4))).find("a")
    assert marks == [
        {
            "class": "c",
            "id": "c4-1",
            "href": "#e4-1",
            "data-quote": "First of 1.",
            "aria-label": "Citation 1: Title 1",
        },
        {
            "class": "c",
            "id": "c4-2",
            "href": "#e4-2",
            "data-quote": "Second of 2.",
            "aria-label": "Citation 2: Title 2",
        },
        {
            "class": "c",
            "href": "#e4-1",
            "data-quote": "First of 1.",
            "aria-label": "Citation 1: Title 1",
        },
    ]


def test_a_number_without_a_citation_is_no_mark() -> None:
    told = answer(r"A [1], b [2], x[1], [99], [2023], \[1], `[1]` and $y_{[1]}$.", _CITED[:1])
    parsed = Parsed(render_exchange(_finished(told)))
    assert [had["href"] for had in parsed.find("a")] == ["#e1-1"]
    assert "A1, b [2], x[1], [99], [2023], [1], [1] and $y_{[1]}$." in parsed.text


def test_a_sentence_without_support_is_underlined_and_says_what_fails_it() -> None:
    told = answer(
        "Good. [1] Bad claim. [2] Loose.",
        _CITED[:2],
        sentences=(
            sentence("Good. [1]", 1),
            sentence("Bad claim. [2]", 2, support=0.49, reason='the name "x" is not there'),
            sentence("Loose.", support=0.0),
        ),
    )
    html = render_exchange(_finished(told))
    weak = re.findall(
        r'<span class="weak"([^>]*)>(.*?)</span><span class="badge"([^>]*)>(.*?)</span>', html
    )
    why = ' data-tip="the name &quot;x&quot; is not there"'
    assert [(of_text, Parsed(inner).text, *badge) for of_text, inner, *badge in weak] == [
        (why, "Bad claim.2", f'{why} tabindex="0"', "not supported by [2]"),
        ("", "Loose.", "", "no source"),
    ]


def test_a_sentence_said_twice_is_marked_where_it_is_weak() -> None:
    text = "Same. [1] Same. [1]"
    told = answer(
        text,
        _CITED[:1],
        sentences=(sentence("Same. [1]", 1), sentence("Same. [1]", 1, support=0.1)),
    )
    html = render_exchange(_finished(told))
    assert html.index('class="weak"') > html.index("Same.") + 5
    assert html.count('class="weak"') == 1


def test_a_summary_is_a_list_with_bold_titles() -> None:
    told = answer("2 papers:\n\n- **Title 1.** So. [1]\n- **Title 2.** So. [2]", _CITED[:2])
    parsed = Parsed(render_exchange(_finished(told)))
    assert [tag for tag, _ in parsed.tags if tag in ("ul", "li", "strong")] == [
        *("ul", "li", "strong", "li", "strong")
    ]


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ([], ""),
        (["--03-14"], "Mar 14"),
        (["--03-14", "--03-11", "--03-12"], "Mar 11–14"),
        (["--03-28", "--04-02"], "Mar 28 – Apr 2"),
        (["2024-03-11", "2024-03-14"], "Mar 11–14, 2024"),
        (["2023-03-11", "2024-03-14"], "Mar 11, 2023 – Mar 14, 2024"),
        (["2024-03", "2024-04"], "Mar 2024 – Apr 2024"),
        (["2023", "2024"], "2023 – 2024"),
    ],
)
def test_days_are_named_by_the_first_and_the_last(days: list[str], said: str) -> None:
    assert span(days) == said


def test_a_refusal_says_what_was_not_found_and_shows_the_nearest_papers() -> None:
    told = answer(
        "The collection does not answer this. No abstract mentions “zebra”. Near:\n\n- Title 1",
        refused=True,
        nearest=(hit(1, _ONE), hit(2, _TWO)),
        missing=("zebra",),
        n_near=6,
    )
    shown = Parsed(render_exchange(_finished(told)))
    assert shown.text == (
        "What?The collection does not answer this.No near abstract mentions zebra. The nearest"
        " papers are shown for comparison.0 of 6 near papers answer · abstracts only"
    )
    panel = Parsed(render_evidence([_finished(told)]))
    assert panel.text.startswith("Nearest · 2 papersTitle 1First of 1.")
    assert not panel.find("mark")


def test_a_reply_to_small_talk_has_neither_papers_nor_a_line_under_it() -> None:
    told = answer("Hello.\n\nYou could ask:\n\n- What is PaCA?", question="Hi", query="")
    shown = Parsed(render_exchange(_finished(told)))
    assert shown.text == "HiHello.You could ask:What is PaCA?"
    assert shown.find("li")
    assert NO_EVIDENCE in render_evidence([_finished(told)])


def test_a_refusal_begins_as_it_will_stay() -> None:
    text = refusal_text(("moon",), (hit(1, _ONE),), 9)
    coming = Parsed(render_exchange(Exchange(1, "Why?", query="why", text=text)))
    whole = answer(text, refused=True, nearest=(hit(1, _ONE),), missing=("moon",))
    assert coming.text.removeprefix("Why?").endswith("The collection does not answer this.")
    assert render_exchange(_finished(whole)).count(f"<strong>{REFUSED}</strong>") == 1


def test_papers_that_were_not_read_in_the_end_are_only_near() -> None:
    busy = Exchange(1, "Why?", query="why", near=(hit(1, _ONE),))
    assert Parsed(render_evidence([busy])).text.startswith("Being read · 1 paper")
    failed = replace(busy, problem="No.")
    assert Parsed(render_evidence([failed])).text.startswith("Nearest · 1 paper")


def test_a_refusal_of_an_empty_collection_says_what_to_do() -> None:
    text = "The collection is empty. Add papers to it, and ask again."
    shown = Parsed(render_exchange(_finished(answer(text, refused=True))))
    assert "The collection is empty.Add papers to it, and ask again." in shown.text


@each_hostile
def test_hostile_text_of_a_paper_or_model_is_inert_in_the_conversation(hostile: str) -> None:
    of = paper(1, title=hostile, abstract=f"{hostile} is said.")
    told = answer(
        f"{hostile} [1]\n\n- **{hostile}** said",
        [citation(1, of, of.abstract, support=0.2)],
        sentences=(sentence(f"{hostile} [1]", 1, support=0.2, reason=hostile),),
        question=hostile,
        query=f"{hostile} rewritten",
    )
    refusal = replace(told, refused=True, nearest=(hit(1, of),), missing=(hostile,))
    parsed = Parsed(render_conversation([_finished(told, 1), _finished(refusal, 2)]))
    assert {tag for tag, _ in parsed.tags} <= {
        *("article", "h2", "p", "div", "span", "a", "ul", "li", "strong", "code", "button")
    }
    _assert_harmless(parsed)


# --- the panel ---


def test_a_paper_cited_twice_is_one_card_with_both_quotes_numbered() -> None:
    told = answer("So. [1][2][3]", _CITED)
    parsed = Parsed(render_evidence([_finished(told)]))
    assert parsed.text.startswith("Evidence · 2 papers")
    cards = parsed.find("article")
    assert [card["data-numbers"] for card in cards] == ["1 3", "2"]
    assert [mark["data-numbers"] for mark in parsed.find("mark")] == ["1", "3", "2"]
    assert [back["id"] for back in parsed.find("a", class_="c back")] == ["e1-1", "e1-3", "e1-2"]


def test_the_highlighted_text_is_the_quote_and_the_abstract_is_whole() -> None:
    html = highlighted(_ONE.abstract, [_CITED[0], _CITED[2]], 1)
    assert re.findall(r"<mark[^>]*>(.*?)</mark>", html) == ["First of 1.", "Third of 1."]
    assert re.sub(r"<a .*?</a>|<[^>]*>", "", html) == _ONE.abstract


def test_overlapping_quotes_share_the_part_that_both_cover() -> None:
    of = paper(1, abstract="abcdef")
    html = highlighted(of.abstract, [citation(1, of, "abcd"), citation(2, of, "cdef")], 1)
    marks = re.findall(r'<mark data-numbers="([^"]*)">(.*?)</mark>', html)
    assert marks == [("1", "ab"), ("1 2", "cd"), ("2", "ef")]


@given(st.text(max_size=60), st.data())
def test_any_abstract_is_shown_whole_whatever_is_quoted(abstract: str, data: st.DataObject) -> None:
    of, cited = paper(1, abstract=abstract), []
    for number in range(1, data.draw(st.integers(0, 4)) + 1):
        start = data.draw(st.integers(0, len(abstract)))
        end = data.draw(st.integers(start, len(abstract)))
        cited.append(replace(citation(number, of, ""), start=start, end=end))
    html = re.sub(r"<a .*?</a>", "", highlighted(abstract, cited, 1))
    assert re.sub(r"</?mark[^>]*>", "", html) == plain(abstract)
    Parsed(html)


def test_a_card_shows_who_when_where_and_how_far_it_supports() -> None:
    of = paper(
        1,
        authors=("A", "B", "C", "D"),
        published="2024",
        listed=listed("--03-14"),
        url="https://www.example.org/1",
        links=("https://github.com/a/b", "javascript:alert(1)"),
    )
    told = answer("So. [1]", [citation(1, of, "First of 1.", support=0.43)])
    parsed = Parsed(render_evidence([_finished(told)]))
    line = "A, B, C et al. · 2024 · Listed Mar 14 · example.org · code · support  0.43"
    assert line in parsed.text
    assert parsed.find("span", class_="sup low")
    assert parsed.find("i") == [{"style": "width:43%"}]
    assert [had["href"] for had in parsed.find("a", target="_blank")] == [of.url, of.links[0]]


def test_a_paper_of_which_nothing_else_is_known_has_only_its_support() -> None:
    told = answer("So. [1]", _CITED[:1])
    (line,) = re.findall(r'<p class="meta">(.*?)</p>', render_evidence([_finished(told)]))
    assert Parsed(line).text == "support  1.00"


def test_only_the_last_exchange_shows_its_papers() -> None:
    told = answer("So. [1]", _CITED[:1])
    parsed = Parsed(render_evidence([_finished(told, 1), _finished(told, 2)]))
    sections = parsed.find("section")
    assert [("hidden" in had, had["data-exchange"]) for had in sections] == [
        (True, "1"),
        (False, "2"),
    ]


def test_what_was_found_is_listed_with_a_card_each() -> None:
    long = paper(2, abstract="Many words. " * 40)
    exchange = Exchange(3, "topic", "Find", query="topic", hits=(hit(1, _ONE), hit(2, long)))
    links = Parsed(render_exchange(exchange)).find("a", class_="to-card")
    panel = Parsed(render_evidence([exchange]))
    assert [had["href"] for had in links] == ["#p3-1", "#p3-2"]
    assert [card["id"] for card in panel.find("article")] == ["p3-1", "p3-2"]
    assert len(panel.find("details", class_="whole")) == 1
    assert panel.text.startswith("Found · 2 papers")


def test_nothing_found_is_said() -> None:
    assert "Nothing was found." in render_exchange(Exchange(1, "topic", "Find", hits=()))


def test_an_exchange_without_an_answer_has_no_evidence() -> None:
    html = render_evidence([Exchange(1, "Why?", problem="No.")])
    assert html == f'<section class="papers" data-exchange="1">{NO_EVIDENCE}</section>'


@each_hostile
def test_hostile_text_of_a_paper_is_inert_in_the_panel(hostile: str) -> None:
    of = paper(
        1,
        title=hostile,
        abstract=f"{hostile} quoted. " * 30,
        authors=(hostile,),
        published=hostile,
        url=hostile,
        links=(hostile, f"javascript:{hostile}", f"https://x.example/{hostile}"),
    )
    told = answer("So. [1]", [citation(1, of, of.abstract)])
    refused = replace(told, refused=True, citations=(), nearest=(hit(1, of),))
    parsed = Parsed(render_evidence([_finished(told, 1), _finished(refused, 2)]))
    assert {tag for tag, _ in parsed.tags} <= {
        *("section", "h2", "h3", "article", "span", "p", "a", "mark", "i", "details", "summary"),
        *("button", "div"),
    }
    _assert_harmless(parsed)


def _assert_harmless(parsed: Parsed) -> None:
    allowed = {
        *("class", "id", "href", "dir", "role", "hidden", "tabindex", "style", "target", "rel"),
        *("aria-busy", "aria-label", "aria-hidden", "data-paper"),
        *("data-quote", "data-numbers", "data-exchange", "data-tip", "data-title", "data-text"),
        *("data-do", "data-link", "data-drop", "data-copied", "data-refused"),
        *("type", "title", "aria-pressed", "data-rank", "data-at"),
    }
    for _, attributes in parsed.tags:
        assert set(attributes) <= allowed
        assert re.fullmatch(r"#[cep]\d+-\d+|https?://\S+|None", str(attributes.get("href")))
        assert re.fullmatch(r"width:\d+%|None", str(attributes.get("style")))
    assert not re.search("[\x00\x1b\u202e]", parsed.text)


# --- around it ---


def test_the_header_says_how_far_the_vectors_are_while_some_are_to_come() -> None:
    waiting = "Searching by words; vectors for 12,000 of 117,804 papers are ready"
    header = render_header(Overview(117_804, "", (), "Extractive", waiting))
    assert header.count('<span class="chip">') == 2
    assert f'<span class="chip">{waiting}</span>' in header
    assert "vectors" not in render_header(Overview(117_804, "", (), "Extractive"))


@pytest.mark.parametrize(
    ("n_papers", "days", "chip"),
    [
        (464, "Mar 11–14", "464 papers · Mar 11–14"),
        (1, "", "1 paper"),
        (117_804, "", "117,804 papers"),
    ],
)
def test_the_header_says_what_is_asked_and_who_writes(n_papers: int, days: str, chip: str) -> None:
    parsed = Parsed(render_header(Overview(n_papers, days, (), "<b>Extractive")))
    assert parsed.text == f"{chip}<b>Extractive"


def test_the_first_screen_of_an_empty_collection_says_how_to_fill_it() -> None:
    empty = Parsed(render_hello(Overview(0, "", (), "")))
    assert "The collection is empty. Add papers" in empty.text
    assert empty.find("button", data_do="add")
    hello = Parsed(render_hello(Overview(2, "Mar 1", (), "")))
    assert "2 papers, listed Mar 1." in hello.text
    assert not hello.find("button")


def test_a_line_beside_the_mode_may_warn() -> None:
    assert render_hint(HINT) == '<span class="">Enter to ask · Shift+Enter for a new line</span>'
    assert render_hint("<b>", "warn") == '<span class="warn">&lt;b&gt;</span>'


def test_the_head_names_no_other_site() -> None:
    head = render_head("x = 1")
    assert re.findall(r"(?:href|src)=\"(\w+:)", head) == ["data:"]
    assert head.endswith(";x = 1</script>")


def test_a_refusal_without_near_papers_is_escaped() -> None:
    text = "The collection does not answer this. No abstract mentions “<svg/onload=alert(1)>”."
    answer = Answer(text=text, refused=True, question="q", query="q")
    (exchange,) = (Exchange(1, "q", "Answer", "q", 0, text, answer),)
    page = render_conversation((exchange,))
    assert "<svg" not in page
    assert "&lt;svg/onload=alert(1)&gt;" in page
