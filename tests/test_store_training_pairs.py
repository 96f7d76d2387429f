"""What an encoder learns from; none of it needs what training itself needs."""

import gzip
import json
import random
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.sentences import sentence_spans
from store.training.pairs import Article, Pair, made_up, mistyped, read_articles, read_questions
from tests.papers import PAPERS

_ROOT = Path(__file__).parents[1]


def _article(title: str, abstract: str) -> Article:
    return Article(title, abstract, tuple(sentence_spans(abstract)))


ARTICLES = [_article(str(paper["title"]), str(paper["abstract"])) for paper in PAPERS]


def _sentences(article: Article) -> list[str]:
    return [article.abstract[start:end] for start, end in article.sentences]


def _made_up(n_each: int = 300) -> list[tuple[Article, Pair]]:
    made = [
        (article, made_up(article, random.Random(seed)))
        for article in ARTICLES
        for seed in range(n_each)
    ]
    return [(article, pair) for article, pair in made if pair]


def test_reading_pairs_loads_nothing_that_training_needs() -> None:
    program = "import sys, store.training.pairs; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=_ROOT, capture_output=True, text=True, check=True
    )
    assert not {"torch", "transformers", "tokenizers"} & set(run.stdout.split())


def test_articles_and_questions_are_read_with_the_sentences_that_answer(tmp_path: Path) -> None:
    abstract = "They sing.  They dive deep, for food. They sleep."
    rows = [
        {"_id": "x", "title": "Wale é", "text": abstract},
        {"_id": "y", "title": "Moss", "text": ""},
    ]
    corpus, questions = tmp_path / "corpus.jsonl.gz", tmp_path / "questions.jsonl"
    with gzip.open(corpus, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    asked = {
        "one": "They dive deep, for food.",
        "a piece": "dive deep",
        "two": "deep, for food. They sl",
        "a gap": "  ",
        "none of it": "They fly.",
        "nothing": "",
    }
    lines = [{"_id": "x", "query": query, "evidence": text} for query, text in asked.items()]
    lines.append({"_id": "y", "query": "empty", "evidence": "moss"})
    questions.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    articles = read_articles(corpus)
    assert articles == {
        "x": Article("Wale é", abstract, ((0, 10), (12, 37), (38, 49))),
        "y": Article("Moss", "", ()),
    }
    pairs = read_questions(questions, articles)
    assert {pair.query: sorted(pair.answers) for pair in pairs["x"]} == {
        "one": [1],
        "a piece": [1],
        "two": [1, 2],
        "a gap": [],
        "none of it": [],
        "nothing": [],
    }
    assert all(pair.article is articles["x"] for pair in pairs["x"])
    assert pairs["y"] == [Pair("empty", articles["y"], frozenset())]


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.title)
def test_an_article_without_a_sentence_has_all_the_others(article: Article) -> None:
    whole = _sentences(article)
    for number in range(len(whole)):
        rest = article.without(number)
        assert _sentences(rest) == whole[:number] + whole[number + 1 :]
        assert rest.abstract == rest.abstract.strip()
        assert rest.title == article.title
    assert _sentences(article) == whole


def test_a_query_is_made_by_chance_and_the_same_chance_makes_it_again() -> None:
    for article in ARTICLES:
        first = [made_up(article, random.Random(seed)) for seed in range(40)]
        assert first == [made_up(article, random.Random(seed)) for seed in range(40)]
        assert len({pair.query for pair in first if pair}) > 20


def test_a_made_up_query_points_at_its_sentence_or_at_an_article_without_it() -> None:
    kinds: Counter[str] = Counter()
    for article, pair in _made_up():
        assert pair.query.strip()
        if pair.article.title != article.title:
            kinds["title"] += 1
            assert pair == Pair(
                article.title, Article("", article.abstract, article.sentences), frozenset()
            )
        elif pair.article is article:
            kinds["sentence"] += 1
            (number,) = pair.answers
            assert len(_sentences(article)[number].split()) >= 6
            assert _n_known(pair.query, _sentences(article)[number]) >= len(pair.query.split()) - 2
        else:
            kinds["left out"] += 1
            assert pair.answers == frozenset()
            (left_out,) = set(_sentences(article)) - set(_sentences(pair.article))
            assert _n_known(pair.query, left_out) >= len(pair.query.split()) - 2
    shares = {kind: n / kinds.total() for kind, n in kinds.items()}
    assert shares == pytest.approx({"title": 0.1, "sentence": 0.45, "left out": 0.45}, abs=0.04)


def _n_known(query: str, sentence: str) -> int:
    """How many words of a query are a sentence's, but for case and its last stop."""
    words = Counter(sentence.rstrip(".").casefold().split())
    return (words & Counter(query.casefold().split())).total()


def test_an_article_of_two_sentences_keeps_both() -> None:
    article = _article("T", "We count ships in the old harbour. Copper paint keeps barnacles away.")
    made = [made_up(article, random.Random(seed)) for seed in range(200)]
    assert all(pair and len(pair.article.sentences) == 2 for pair in made)


def test_an_article_without_a_title_is_never_asked_for_by_it() -> None:
    article = _article("", ARTICLES[0].abstract)
    made = [made_up(article, random.Random(seed)) for seed in range(300)]
    assert all(pair and pair.query.strip() for pair in made)
    short = _article("T", "If it is so, we do as he did. It is as it was to us.")
    made = [made_up(short, random.Random(seed)) for seed in range(300)]
    assert all(pair and pair.query.strip() for pair in made)


@pytest.mark.parametrize("abstract", ["", "Too short. To be asked for."])
def test_nothing_is_asked_of_short_sentences(abstract: str) -> None:
    article = _article("A title", abstract)
    assert [made_up(article, random.Random(seed)) for seed in range(20)] == [None] * 20


def _one_letter_apart(word: str, typed: str) -> bool:
    """Whether an inner letter went missing, was doubled, or two changed places."""
    missing = {word[:at] + word[at + 1 :] for at in range(1, len(word))}
    doubled = {word[:at] + word[at] + word[at:] for at in range(1, len(word))}
    swapped = {
        word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(1, len(word) - 1)
    }
    return typed in missing | doubled | swapped


@given(st.lists(st.text("abcdeéß漢1-.,'", min_size=1), max_size=12), st.integers(0, 99))
def test_a_slip_changes_one_or_two_long_words_of_letters(words: list[str], seed: int) -> None:
    typed = mistyped("  ".join(words), random.Random(seed)).split()
    assert len(typed) == len(words)
    pairs = list(zip(words, typed, strict=True))
    changed = [(word, now) for word, now in pairs if word != now]
    assert len(changed) <= 2
    for word, now in changed:
        assert len(word) > 4
        assert word.isalpha()
        assert now[0] == word[0]
        assert _one_letter_apart(word, now)


def test_slips_are_of_every_kind_and_the_same_chance_makes_the_same() -> None:
    text = "the barnacles of BERT-large 2024 grow"
    made = [mistyped(text, random.Random(seed)) for seed in range(300)]
    assert made == [mistyped(text, random.Random(seed)) for seed in range(300)]
    assert {re.sub("b[a-z]+", "b", each) for each in made} == {"the b of BERT-large 2024 grow"}
    lengths = Counter(len(each) - len(text) for each in made)
    assert all(lengths[by] > 60 for by in (-1, 0, 1))
    assert mistyped("the moss, on it", random.Random(0)) == "the moss, on it"
