from pathlib import Path

import numpy as np
import pytest

from assistant import Assistant
from store.collection import Collection
from store.encoders import encode_parts, encoded_text, load_encoder
from store.sentences import sentence_spans
from store.starter import encoded_starter, starter_records, starter_texts, vectors_file
from tests.papers import HashEncoder
from tests.parts_encoder import PartsEncoder


def test_the_starter_collection_is_464_papers_listed_on_trending_pages() -> None:
    records = starter_records()
    assert len(records) == 464
    assert {record.source for record in records} == {"starter"}
    assert {listing.source for record in records for listing in record.listed} == {"trending"}


def test_the_shipped_vectors_are_those_of_the_shipped_encoder() -> None:
    encoder = load_encoder("mini3")
    texts, parts = (some[::40] for some in starter_texts())
    shipped = encode_parts(encoded_starter(encoder), texts, parts)
    made = encode_parts(encoder, texts, parts)
    for given, anew, spans in zip(shipped, made, parts, strict=True):
        assert given.shape == anew.shape == (1 + len(spans), encoder.dimension)
        assert (given * anew).sum(axis=1).min() > 0.99


def test_the_shipped_vectors_are_of_every_paper_and_each_of_its_sentences() -> None:
    texts, parts = starter_texts()
    records = starter_records()
    for record, text, spans in zip(records, texts, parts, strict=True):
        assert text == encoded_text(record.title, record.abstract)
        sentences = [record.abstract[slice(*span)] for span in sentence_spans(record.abstract)]
        assert [text[start:end] for start, end in spans] == sentences
    shipped = np.load(vectors_file("mini3"))
    assert shipped.shape == (sum(1 + len(spans) for spans in parts), 384)
    assert shipped.dtype == np.float16
    lengths = np.linalg.norm(shipped.astype(np.float32), axis=1)
    np.testing.assert_allclose(lengths, 1.0, atol=1e-2)


def test_only_what_does_not_come_encoded_is_encoded() -> None:
    inner = PartsEncoder("mini3", 384)
    known, spans = (some[:2] for some in starter_texts())
    texts = ["Moss. It grows.", known[1], "Kites. They fly. They map.", known[0]]
    parts = [[(6, 15)], spans[1], [(7, 16), (17, 26)], spans[0]]
    rows = encode_parts(encoded_starter(inner), texts, parts)
    assert inner.encoded == [texts[0], texts[2]]
    assert inner.pieces == [["It grows."], ["They fly.", "They map."]]
    expected = PartsEncoder("mini3", 384).encode_parts(texts, parts)
    np.testing.assert_array_equal(rows[0], expected[0])
    np.testing.assert_array_equal(rows[2], expected[2])
    shipped = np.load(vectors_file("mini3")).astype(np.float32)
    first = 1 + len(spans[0])
    np.testing.assert_array_equal(rows[3], shipped[:first])
    np.testing.assert_array_equal(rows[1], shipped[first : first + 1 + len(spans[1])])


def test_a_new_home_has_the_sentences_of_its_papers_without_encoding(tmp_path: Path) -> None:
    inner = PartsEncoder("mini3", 384)
    collection = Collection(tmp_path / "home", inner)
    papers = list(collection.papers())
    found = collection.sentence_vectors([paper.paper_id for paper in papers])
    collection.close()
    assert inner.encoded == []
    assert {paper_id: len(rows) for paper_id, rows in found.items()} == {
        paper.paper_id: len(sentence_spans(paper.abstract)) for paper in papers
    }
    shipped = np.load(vectors_file("mini3")).astype(np.float32)
    texts, parts = starter_texts()
    ends = np.cumsum([1 + len(spans) for spans in parts])
    rows_of = dict(zip(texts, np.split(shipped, ends[:-1]), strict=True))
    for paper in papers:
        expected = rows_of[encoded_text(paper.title, paper.abstract)][1:]
        assert (found[paper.paper_id] * expected).sum(axis=1).min() > 0.99


def test_an_encoder_without_shipped_vectors_encodes_for_itself() -> None:
    encoder = HashEncoder("/somebody/else")
    assert encoded_starter(encoder) is encoder


@pytest.mark.parametrize("made_with", ["static-256", "mini3"])
def test_a_home_keeps_the_encoder_it_was_made_with(tmp_path: Path, made_with: str) -> None:
    Assistant(tmp_path / "home", encoder=made_with).close()
    with Assistant(tmp_path / "home") as assistant:
        assert assistant.search("graph networks")[0].rank == 1
    assert f'"encoder": "{made_with}"' in (tmp_path / "home" / "home.json").read_text()
