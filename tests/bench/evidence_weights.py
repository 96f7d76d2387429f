"""Learn what evidence is ranked by, and say by cross-validation what it gives.

    python -m tests.bench.evidence_weights [--folder FOLDER] [--write]

Questions are the development set's over the five pages, and train/questions.jsonl over their 1,600
papers and 2,400 others of bench/mlpapers. The encoder has learned from the latter but for the first
200 papers'; where it has, only which sentence of the right paper answers is learned, with noise on
what the encoder says. FOLDER keeps the collections; with --write the weights are put in place: only
those of papers where PAPER_ASSISTANT_ENCODER is not the default, for all other encoders.
"""

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from assistant.evidence.features import PAPER_FEATURES, SENTENCE_FEATURES, Values
from assistant.evidence.weights import FILE, OTHERS, Weights, from_json, present
from assistant.evidence.words import asked_words, offered_words
from store.encoders import DEFAULT_ENCODER
from tests.bench.common import SHARED, encoder
from tests.bench.evidence_fitting import Choices, fit_linear, fit_pairs
from tests.bench.evidence_questions import DEVELOPMENT, HELD_BACK, LEARNED, Found, questions

_N_ASKED, _N_OFFERED = 60, 100
_SHRINK, _SHRINK_PAIRS = 0.1, 10.0
_SHRINK_PAPERS, _SHRINK_OTHERS = 0.03, 0.3
"""Of the weights of papers, with the default encoder and for all others: what is learned with one
shall hold for many. Questions not seen have their paper first as often (0.723 for 0.718, held out),
and no weight is as large as the -8.8 that "covered by the title" had."""
_N_FOLDS = 5


def main() -> None:
    """Learn and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    if not SHARED.is_dir():
        print("The questions and papers lie beside the checkout, and are not there.")
        return
    with TemporaryDirectory() as folder:
        found = list(questions(given.folder or Path(folder)))
    _cross_validate(found)
    if given.write:
        kept, learned = json.loads(FILE.read_text(encoding="utf-8")), _learned(found)
        known = encoder().name == DEFAULT_ENCODER
        kept |= learned if known else {OTHERS: learned["paper"]}
        FILE.write_text(_lines(kept) + "\n", encoding="utf-8")


def _lines(part: object, depth: int = 2) -> str:
    """JSON with a line for each word."""
    if not depth or not isinstance(part, dict):
        return json.dumps(part)
    items = (f"{json.dumps(name)}: {_lines(each, depth - 1)}" for name, each in part.items())
    return "{\n" + ",\n".join(items) + "\n}"


def _cross_validate(found: Sequence[Found]) -> None:
    """Print how often what was learned from other papers' questions ranks the answer first."""
    folds = _folds(found)
    ranks: dict[str, list[tuple[int, bool]]] = {DEVELOPMENT: [], HELD_BACK: []}
    for fold in range(_N_FOLDS):
        rest = [one for one, at in zip(found, folds, strict=True) if at != fold]
        weights = from_json(_learned(rest))
        for one, at in zip(found, folds, strict=True):
            if at == fold and one.asked.kind in ranks:
                ranks[one.asked.kind].append(_judged(one, weights))
    for kind, judged in ranks.items():
        shares = [sum(rank < n for rank, _ in judged) / len(judged) for n in (1, 2, 3)]
        paper = sum(right for _, right in judged) / len(judged)
        said = " / ".join(f"{share:.3f}" for share in shares)
        print(f"{kind}: {len(judged)} questions, an answering sentence is among the")
        print(f"  first 1 / 2 / 3: {said}; the right paper is most probable: {paper:.3f}")


def _folds(found: Sequence[Found]) -> list[int]:
    """By question; all about one paper are in one fold."""
    titles = sorted({one.asked.title for one in found})
    mixed = np.random.default_rng(0).permutation(len(titles)) % _N_FOLDS
    fold = dict(zip(titles, mixed.tolist(), strict=True))
    return [fold[one.asked.title] for one in found]


def _judged(one: Found, weights: Weights) -> tuple[int, bool]:
    """Rank of the first sentence that answers, from 0, and whether the right paper is first."""
    papers = _softmax(one.papers @ weights.paper)
    strengths = [
        share * _softmax(weights.of_sentences(one.asked.question, texts, features))
        for share, texts, features in zip(papers, one.texts, one.sentences, strict=True)
        if len(texts)
    ]
    order = np.argsort(-np.concatenate(strengths), kind="stable")
    answers = np.concatenate(one.answers)[order]
    rank = int(answers.argmax()) if answers.any() else len(answers)
    return rank, bool(one.right[papers.argmax()])


def _softmax(values: Values) -> Values:
    raised = np.exp(values - values.max())
    return np.asarray(raised / raised.sum())


def _learned(found: Sequence[Found]) -> dict[str, Any]:
    """Weights, in the form of ``FILE``."""
    asked, offered = _vocabulary(found)
    unlearned = [one for one in found if one.asked.kind != LEARNED and one.right.any()]
    shrink = _SHRINK_PAPERS if encoder().name == DEFAULT_ENCODER else _SHRINK_OTHERS
    paper = fit_linear(_of_papers(unlearned), shrink)
    rows = _of_sentences(found, asked, offered)
    sentence, pairs = fit_pairs(rows, _SHRINK, _SHRINK_PAIRS)
    return {
        "paper": _named(PAPER_FEATURES, paper),
        "sentence": _named(SENTENCE_FEATURES, sentence),
        "offered": offered,
        "asked": _named(asked, pairs),
    }


def _named(names: Sequence[str], values: Values) -> dict[str, Any]:
    return dict(zip(names, values.round(2).tolist(), strict=True))


def _vocabulary(found: Sequence[Found]) -> tuple[list[str], list[str]]:
    """The most common words of training questions, and of the papers they are about."""
    training = [one for one in found if one.asked.kind != DEVELOPMENT]
    asked = Counter(word for one in training for word in sorted(asked_words(one.asked.question)))
    offered = Counter(
        word
        for one in training
        for texts, right in zip(one.texts, one.right, strict=True)
        if right
        for text in texts
        for word in sorted(offered_words(text))
    )
    return _common(asked, _N_ASKED), _common(offered, _N_OFFERED)


def _common(counts: Counter[str], n: int) -> list[str]:
    return [word for word, _ in sorted(counts.items(), key=lambda it: (-it[1], it[0]))[:n]]


def _of_papers(found: Sequence[Found]) -> Choices:
    none = np.empty((0, 0))
    return Choices(
        np.concatenate([one.papers for one in found]),
        np.concatenate([one.right for one in found]),
        np.cumsum([0, *(len(one.papers) for one in found[:-1])]),
        none,
        none,
    )


def _of_sentences(found: Sequence[Found], asked: list[str], offered: list[str]) -> Choices:
    """The sentences of right papers that have one that answers; features are offered too."""
    taught = [(one, at) for one in found for at, each in enumerate(one.answers) if each.any()]
    features = np.concatenate([one.sentences[at] for one, at in taught])
    words = [offered_words(text) for one, at in taught for text in one.texts[at]]
    return Choices(
        features,
        np.concatenate([one.answers[at] for one, at in taught]),
        np.cumsum([0, *(len(one.answers[at]) for one, at in taught[:-1])]),
        present(asked, [asked_words(one.asked.question) for one, _ in taught]),
        np.hstack([present(offered, words), features]),
    )


if __name__ == "__main__":
    main()
