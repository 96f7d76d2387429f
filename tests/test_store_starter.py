from pathlib import Path

import pytest

from assistant import Assistant
from store.encoders import encoded_text, load_encoder
from store.starter import encoded_starter, starter_records
from tests.papers import HashEncoder


def test_the_starter_collection_is_464_papers_listed_on_trending_pages() -> None:
    records = starter_records()
    assert len(records) == 464
    assert {record.source for record in records} == {"starter"}
    assert {listing.source for record in records for listing in record.listed} == {"trending"}


def test_the_shipped_vectors_are_those_of_the_shipped_encoder() -> None:
    encoder = load_encoder("mini3")
    some = [encoded_text(record.title, record.abstract) for record in starter_records()[::40]]
    shipped = encoded_starter(encoder).encode(some)
    cosines = (shipped * encoder.encode(some)).sum(axis=1)
    assert cosines.min() > 0.99


def test_an_encoder_without_shipped_vectors_encodes_for_itself() -> None:
    encoder = HashEncoder("/somebody/else")
    assert encoded_starter(encoder) is encoder


@pytest.mark.parametrize("made_with", ["static-256", "mini3"])
def test_a_home_keeps_the_encoder_it_was_made_with(tmp_path: Path, made_with: str) -> None:
    Assistant(tmp_path / "home", encoder=made_with).close()
    with Assistant(tmp_path / "home") as assistant:
        assert assistant.search("graph networks")[0].rank == 1
    assert f'"encoder": "{made_with}"' in (tmp_path / "home" / "home.json").read_text()
