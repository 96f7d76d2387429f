import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.identity import identity_keys, normalize_title, paper_id_of


@pytest.mark.parametrize(
    ("title", "same"),
    [
        ("Graph Networks, Revisited", "graph networks revisited"),
        ("Graph  Networks:\tRevisited", "Graph-Networks (Revisited)"),
        ("Cafe\u0301 Science", "CAFÉ SCIENCE"),
        ("ﬁne-tuning", "fine tuning"),
        ("STRASSE", "straße"),
    ],
)
def test_titles_that_differ_in_case_signs_and_spacing_are_the_same(title: str, same: str) -> None:
    assert normalize_title(title) == normalize_title(same)


@pytest.mark.parametrize(
    ("title", "other"), [("🚀", "🐋"), ("???", "!!!"), ("Model 1", "Model 2"), ("知識", "知恵")]
)
def test_different_titles_stay_apart(title: str, other: str) -> None:
    assert normalize_title(title) != normalize_title(other)
    assert paper_id_of(title, ()) != paper_id_of(other, ())


def test_a_record_is_recognized_by_its_identifiers_first_and_any_version_of_them() -> None:
    keys = identity_keys("A Title", ("arXiv:2403.01234v2", "doi:10.1000/ABC"))
    assert keys == ("arxiv:2403.01234", "doi:10.1000/abc", "title:a title")


@pytest.mark.parametrize(
    ("title", "identifiers", "expected"),
    [
        ("A Title", ("arxiv:2403.01234v2",), "arxiv:2403.01234"),
        ("A Title", ("doi:10.1000/182",), "doi:10.1000/182"),
        ("A Title", ("doi:10.1000/a_b<c>",), r"a-title-[0-9a-f]{8}"),
        ("Über Größe: Été", (), r"uber-groe-ete-[0-9a-f]{8}"),
        ("知識", (), r"[0-9a-f]{8}"),
        ("long " * 100, (), r"(long-){9}lon-[0-9a-f]{8}"),
    ],
    ids=["arxiv", "doi", "odd doi", "accents", "no letter a to z", "long"],
)
def test_a_paper_id_is_its_identifier_or_a_readable_slug(
    title: str, identifiers: tuple[str, ...], expected: str
) -> None:
    assert re.fullmatch(expected, paper_id_of(title, identifiers))


@given(st.text(min_size=1).filter(str.strip), st.lists(st.text(), max_size=2).map(tuple))
def test_any_paper_id_is_short_plain_and_the_same_every_time(
    title: str, identifiers: tuple[str, ...]
) -> None:
    try:
        (title + "".join(identifiers)).encode()
    except UnicodeEncodeError:
        return
    paper_id = paper_id_of(title, identifiers)
    assert re.fullmatch(r"[a-z0-9:./-]{1,80}", paper_id)
    assert paper_id_of(title, identifiers) == paper_id
