import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui_papers import HOSTILE, Parsed
from ui.markdown import inline, render_markdown

_ALLOWED = {"p", "ul", "ol", "li", "h3", "pre", "code", "strong", "b"}

# Characters that Markdown or HTML give a meaning to, so that random text meets them.
_TEXT = st.text(alphabet=st.sampled_from("ab1 29[]()<>&\"'`*_#-+!\\$\n.:/"), max_size=80)


def _mark(number: int) -> str:
    return f"<b>{number}</b>" if number <= 3 else ""


def _rendered(text: str) -> str:
    return render_markdown(text, _mark)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        ("One line.", "<p>One line.</p>"),
        ("One\nparagraph.\n\nAnother.", "<p>One\nparagraph.</p><p>Another.</p>"),
        ("Lead:\n\n- a\n- b\n\nEnd", "<p>Lead:</p><ul><li>a</li><li>b</li></ul><p>End</p>"),
        ("Lead:\n- a\n  goes on", "<p>Lead:</p><ul><li>a\n  goes on</li></ul>"),
        ("1. a\n2. b", "<ol><li>a</li><li>b</li></ol>"),
        ("### Theme\ntext", "<h3>Theme</h3><p>text</p>"),
        ("- **Title.** text", "<ul><li><strong>Title.</strong> text</li></ul>"),
        ("a `b < c` d", "<p>a <code>b &lt; c</code> d</p>"),
        ("```py\nx[1]\n\n<b>\n```\nend", "<pre><code>x[1]\n\n&lt;b&gt;</code></pre><p>end</p>"),
        ("```\nnever closed", "<pre><code>never closed</code></pre>"),
        ("```", "<pre><code></code></pre>"),
        ("2 * 3 * 4 and a_b_c", "<p>2 * 3 * 4 and a_b_c</p>"),
        ("**never closed", "<p>**never closed</p>"),
        ("-0.5 is no item", "<p>-0.5 is no item</p>"),
    ],
)
def test_a_text_becomes_this_html(text: str, html: str) -> None:
    assert _rendered(text) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("So it is. [1]", "So it is.<b>1</b>"),
        ("So it is [1].", "So it is<b>1</b>."),
        ("Both [1][2] and [3]", "Both<b>1</b><b>2</b> and<b>3</b>"),
        ("[[1]]", "[<b>1</b>]"),
        ("**bold [1]**", "<strong>bold<b>1</b></strong>"),
        ("x[1] and a_1[2]", "x[1] and a_1[2]"),
        (r"\[1] is the abstract's own", "[1] is the abstract&#x27;s own"),
        ("in [2023], [99] and [0]", "in [2023], [99] and [0]"),
        ("[1-3], [1, 2] and 【1】", "[1-3], [1, 2] and 【1】"),
        ("`x [1]`", "<code>x [1]</code>"),
        ("[01] [1", "[01] [1"),
        ("[1](http://example.org)", "<b>1</b>(http://example.org)"),
    ],
)
def test_only_a_known_number_in_running_text_is_a_mark(text: str, html: str) -> None:
    assert inline(text, _mark) == html


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    for form in ("{}", "- {}", "### {}", "**{}**", "`{}`", "```\n{}\n```"):
        parsed = Parsed(_rendered(form.format(text)))
        assert {tag for tag, _ in parsed.tags} <= _ALLOWED - {"b"}
        assert not any(attributes for _, attributes in parsed.tags)


@given(_TEXT)
def test_any_text_gives_well_nested_harmless_html(text: str) -> None:
    parsed = Parsed(_rendered(text))
    assert {tag for tag, _ in parsed.tags} <= _ALLOWED
    assert not any(attributes for _, attributes in parsed.tags)


@given(_TEXT, st.integers(0, 80), st.integers(0, 80))
def test_a_range_is_wrapped_without_crossing_other_tags(text: str, start: int, length: int) -> None:
    wrapped = render_markdown(text, _mark, [(start, start + length, "<b>{}</b>".format)])
    parsed = Parsed(wrapped)
    assert {tag for tag, _ in parsed.tags} <= _ALLOWED


def test_a_range_over_two_blocks_is_wrapped_in_each() -> None:
    html = render_markdown("one\n\ntwo", _mark, [(0, 8, "<b>{}</b>".format)])
    assert html == "<p><b>one</b></p><p><b>two</b></p>"


def test_a_range_that_begins_at_a_bracket_still_sees_what_stands_before() -> None:
    assert render_markdown("x[1] y", _mark, [(1, 6, "<i>{}</i>".format)]) == "<p>x<i>[1] y</i></p>"
