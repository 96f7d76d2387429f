"""A collection's words, made up for tests."""

from collections.abc import Mapping


class WordList:
    """Words with how many passages have each, and other forms of some of them."""

    def __init__(
        self, counts: Mapping[str, int], aliases: Mapping[str, dict[str, int]] | None = None
    ) -> None:
        self.counts = counts
        self._aliases = aliases or {}
        self.fetched: list[str] = []

    def terms(self, text: str) -> list[str]:
        return text.lower().replace("-", " ").split()

    def words(self, text: str) -> list[str]:
        return self.terms(text)

    def n_holding(self, term: str) -> int:
        return self.counts.get(term, 0)

    def aliases(self, form: str) -> list[tuple[str, int]]:
        return list(self._aliases.get(form, {}).items())

    def has_forms(self, beginning: str) -> bool:
        return any(form.startswith(beginning) for form in self._aliases)

    def words_with(self, letter: str) -> list[tuple[str, int]]:
        self.fetched.append(letter)
        return [(word, n) for word, n in self.counts.items() if word.startswith(letter)]
