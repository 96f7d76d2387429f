"""Train an encoder to bring a question near the abstract, and the sentence, that answers it.

    python -m store.training.train BASE CORPUS QUESTIONS FOLDER [--steps N] [--seed N] [--share X]

BASE is a folder in Hugging Face form (three BERT layers here), CORPUS a gzipped JSON Lines file of
abstracts, QUESTIONS one of questions with evidence. One pass over "title. abstract" gives a vector
of the whole passage and one of every sentence in its context ("late chunking", Günther et al.
2024, arXiv:2409.04701); both are trained by contrast with the other passages and sentences of the
batch, among which are the ones nearest to each query before training.
"""

import argparse
import math
import random
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import BertModel

from store.encoders import Vectors, encoded_text
from store.training.pairs import (
    HELD_OUT,
    Article,
    Pair,
    made_up,
    mistyped,
    read_articles,
    read_questions,
)

__all__ = ["Trainee", "train"]

_MAX_PASSAGE_TOKENS = 232
_MAX_QUERY_TOKENS = 64
_TEMPERATURE = 0.05
_RATE = 8e-5
_N_QUESTIONS = 36
_N_NEAR = 30
_TOO_NEAR = 0.95
"""A passage this much as near to a query as the right one may be right too: no contrast."""


class Trainee:
    """A BERT with its tokenizer, giving vectors of queries, passages and sentences."""

    def __init__(self, folder: Path) -> None:
        """Load config.json, model.safetensors and tokenizer.json of a folder."""
        self.bert = BertModel.from_pretrained(
            folder, dtype=torch.float32, add_pooling_layer=False, hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )  # fmt: skip
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))

    def queries(self, texts: Sequence[str]) -> torch.Tensor:
        """Encode texts as a whole: (n_texts, dimension), rows of unit length."""
        hidden, mask, _ = self._read(texts, _MAX_QUERY_TOKENS)
        return _pooled(hidden, mask.unsqueeze(1).to(hidden.dtype)).squeeze(1)

    def passages(self, articles: Sequence[Article]) -> tuple[torch.Tensor, torch.Tensor]:
        """Encode articles and their sentences in one pass.

        Returns:
            Vectors (n_articles, 1 + most sentences, dimension) of unit length, the whole article
            first; and which of them there are, (n_articles, 1 + most sentences).
        """
        texts = [encoded_text(article.title, article.abstract) for article in articles]
        hidden, mask, offsets = self._read(texts, _MAX_PASSAGE_TOKENS)
        n_rows = 1 + max(len(article.sentences) for article in articles)
        weights = torch.zeros(len(articles), n_rows, hidden.shape[1])
        weights[:, 0] = mask
        for row, article in enumerate(articles):
            shift = len(encoded_text(article.title, ""))
            starts, ends = offsets[row, :, 0] - shift, offsets[row, :, 1] - shift
            for number, (start, end) in enumerate(article.sentences, 1):
                weights[row, number] = (starts >= start) & (ends <= end) & (ends > starts)
        return _pooled(hidden, weights), weights.sum(-1) > 0

    def _read(
        self, texts: Sequence[str], max_tokens: int
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Hidden states (n, tokens, dimension), which tokens there are, and their offsets."""
        self._tokenizer.enable_truncation(max_tokens)
        self._tokenizer.enable_padding(pad_to_multiple_of=8)
        read = self._tokenizer.encode_batch(list(texts))
        mask = torch.tensor([each.attention_mask for each in read])
        with torch.autocast("cpu", torch.bfloat16):
            ids = torch.tensor([each.ids for each in read])
            hidden = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state
        return hidden.float(), mask, torch.tensor([each.offsets for each in read])


def _pooled(hidden: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Weighted sums of token vectors, brought to unit length: (n, rows, dimension)."""
    return torch.nn.functional.normalize(weights @ hidden, dim=-1)


def contrast(trainee: Trainee, pairs: Sequence[Pair], others: Sequence[Article]) -> torch.Tensor:
    """How badly queries find their passages, and their sentences, among all of the batch."""
    queries = trainee.queries([pair.query for pair in pairs])
    vectors, there = trainee.passages([*(pair.article for pair in pairs), *others])
    to_passages = queries @ vectors[:, 0].T / _TEMPERATURE
    loss = torch.nn.functional.cross_entropy(to_passages, torch.arange(len(pairs)))
    wanted = torch.zeros(len(pairs), *there[:, 1:].shape)
    for row, pair in enumerate(pairs):
        wanted[row, row, list(pair.answers)] = 1.0
    wanted = (wanted * there[:, 1:]).flatten(1)
    answered = wanted.sum(1) > 0
    if answered.any():
        to_sentences = torch.einsum("qd,psd->qps", queries, vectors[:, 1:]) / _TEMPERATURE
        to_sentences = to_sentences.masked_fill(~there[:, 1:], -1e4).flatten(1)[answered]
        wanted = wanted[answered] / wanted[answered].sum(1, keepdim=True)
        loss = loss + torch.nn.functional.cross_entropy(to_sentences, wanted)
    return loss


@dataclass(frozen=True, slots=True)
class Lessons:
    """What is learned from, and where everything lies before training.

    Attributes:
        articles: All of them.
        vectors: Of each article, (n_articles, dimension).
        questions: Written questions and the numbers of articles near to each, wrong ones.
    """

    articles: list[Article]
    vectors: Vectors
    questions: list[tuple[Pair, list[int]]]

    def batches(self, chance: random.Random) -> Iterator[tuple[list[Pair], list[Article]]]:
        """Batches without end: written questions, and made-up ones about articles in clusters."""
        queue: list[tuple[Pair, list[int]]] = []
        while True:
            if len(queue) < _N_QUESTIONS:
                queue = chance.sample(self.questions, len(self.questions))
            some, queue = queue[:_N_QUESTIONS], queue[_N_QUESTIONS:]
            yield self._written(some, chance)
            yield self._invented(chance), []

    def _written(
        self, some: list[tuple[Pair, list[int]]], chance: random.Random
    ) -> tuple[list[Pair], list[Article]]:
        pairs = [
            Pair(mistyped(pair.query, chance), pair.article, pair.answers)
            if chance.random() < 0.15
            else pair
            for pair, _ in some
        ]
        return pairs, [self.articles[chance.choice(near)] for _, near in some if near]

    def _invented(self, chance: random.Random) -> list[Pair]:
        seeds = [chance.randrange(len(self.articles)) for _ in range(_N_QUESTIONS // 3)]
        near = np.argsort(-(self.vectors[seeds] @ self.vectors.T), axis=1)[:, : _N_NEAR // 3]
        numbers = {n for row in near.tolist() for n in (row[0], *chance.sample(row[1:], 3))}
        pairs = (made_up(self.articles[number], chance) for number in sorted(numbers))
        return [pair for pair in pairs if pair]


@torch.no_grad()  # type: ignore[untyped-decorator]
def encoded(trainee: Trainee, texts: Sequence[str]) -> Vectors:
    """Encode passages of any number; longest first costs the least padding."""
    order = sorted(range(len(texts)), key=lambda number: -len(texts[number]))
    vectors = np.empty((len(texts), trainee.bert.config.hidden_size), np.float32)
    for at in range(0, len(order), 64):
        some = order[at : at + 64]
        hidden, mask, _ = trainee._read([texts[number] for number in some], _MAX_PASSAGE_TOKENS)
        vectors[some] = _pooled(hidden, mask.unsqueeze(1).float()).squeeze(1).numpy()
    return vectors


def lessons(trainee: Trainee, corpus: Path, questions: Path, vectors: Path) -> Lessons:
    """Read everything, and find what lies near each question; ``vectors`` keeps the long part."""
    articles = read_articles(corpus)
    by_article = read_questions(questions, articles)
    kept = sorted(by_article)[HELD_OUT:]
    pairs = [(number, pair) for number in kept for pair in by_article[number]]
    if not vectors.exists():
        texts = [encoded_text(each.title, each.abstract) for each in articles.values()]
        np.save(vectors, encoded(trainee, texts).astype(np.float16))
    near = np.load(vectors).astype(np.float32)
    with torch.no_grad():
        asked = np.concatenate([trainee.queries([p.query]).numpy() for _, p in pairs])
    numbers = {name: number for number, name in enumerate(articles)}
    wrong = [
        _nearest_wrong(near @ query, numbers[name])
        for query, (name, _) in zip(asked, pairs, strict=True)
    ]
    return Lessons(
        list(articles.values()),
        near,
        [(pair, others) for (_, pair), others in zip(pairs, wrong, strict=True)],
    )


def _nearest_wrong(closeness: Vectors, right: int) -> list[int]:
    """Numbers of the passages nearest to a query that are surely not the right one."""
    nearest = np.argsort(-closeness)[: 2 * _N_NEAR]
    sure = nearest[(closeness[nearest] < _TOO_NEAR * closeness[right]) & (nearest != right)]
    return [int(number) for number in sure[:_N_NEAR]]


def train(trainee: Trainee, given: Lessons, n_steps: int, seed: int) -> Iterator[float]:
    """Train in place, yielding the loss of every step."""
    chance = random.Random(seed)
    torch.manual_seed(seed)
    optimizer = torch.optim.AdamW(trainee.bert.parameters(), lr=_RATE, weight_decay=0.01)
    warm = max(1, n_steps // 20)
    rate = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda n: min((n + 1) / warm, 0.5 + 0.5 * math.cos(math.pi * min(1.0, n / n_steps))),
    )
    trainee.bert.train()
    for _, batch in zip(range(n_steps), given.batches(chance), strict=False):
        loss = contrast(trainee, *batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trainee.bert.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        rate.step()
        yield float(loss.detach())


def blend(trainee: Trainee, base: Trainee, share: float) -> None:
    """Go back part of the way, in place: other fields than the questions' lose less.

    Args:
        trainee: As it was trained.
        base: As it was before.
        share: How much of each weight is the trained one, 0 to 1.

    Source:
        Wortsman et al. 2022, "Robust fine-tuning of zero-shot models", arXiv:2109.01903.
    """
    before = base.bert.state_dict()
    after = {
        name: torch.lerp(before[name], weight, share) if weight.is_floating_point() else weight
        for name, weight in trainee.bert.state_dict().items()
    }
    trainee.bert.load_state_dict(after)


def save(trainee: Trainee, base: Path, folder: Path) -> None:
    """Write the folder that ``store.training.export`` reads."""
    folder.mkdir(parents=True, exist_ok=True)
    trainee.bert.save_pretrained(folder)
    shutil.copy(base / "tokenizer.json", folder)


def main() -> None:
    """Train as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("base", "corpus", "questions", "folder"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--steps", type=int, default=1_500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--share", type=float, default=0.6)
    given = parser.parse_args()
    trainee = Trainee(given.base)
    given.folder.mkdir(parents=True, exist_ok=True)
    material = lessons(trainee, given.corpus, given.questions, given.folder / "before.npy")
    losses: list[float] = []
    for loss in train(trainee, material, given.steps, given.seed):
        losses.append(loss)
        if len(losses) % 50 == 0:
            sys.stdout.write(f"step {len(losses)}: loss {sum(losses[-50:]) / 50:.3f}\n")
            save(trainee, given.base, given.folder)
    blend(trainee, Trainee(given.base), given.share)
    save(trainee, given.base, given.folder)


if __name__ == "__main__":
    main()
