"""What the lexical index keeps of a passage, and how texts become its terms.

text    the stemmed words of the title and the passage, which is what is searched
word    the same words with their endings: what a misspelt word may have been meant for
alias   "form<TAB>another form" for each pair that ``store.aliases`` finds, the first one as terms
"""

from collections.abc import Callable, Iterator

import tantivy

from store.aliases import aliases
from store.changes import Change
from store.within import paper_key
from store.wording import FUNCTION_WORDS, plain

__all__ = ["FORMAT", "analyzers", "documents", "schema"]

FORMAT = 2
"""Which way this is; an index that was made in another one is made anew."""


def analyzers() -> dict[str, tantivy.TextAnalyzer]:
    """By field, what makes a text its terms: words in lower case without accents.

    Function words are left out.
    """
    return {
        "text": _analyzer(tantivy.Filter.stemmer("english")),
        "word": _analyzer(),
    }


def _analyzer(*more: tantivy.Filter) -> tantivy.TextAnalyzer:
    builder = (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(60))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.custom_stopword(FUNCTION_WORDS))
    )
    for each in more:
        builder = builder.filter(each)
    return builder.build()


def schema() -> tantivy.Schema:
    """The fields; the analyzer of one is registered under the field's own name."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("passage_id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("paper_id", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("paper_key", indexed=True, fast=True)
    builder.add_text_field("text", tokenizer_name="text", index_option="freq")
    builder.add_text_field("word", tokenizer_name="word", index_option="basic")
    builder.add_text_field("alias", tokenizer_name="raw", index_option="basic")
    return builder.build()


def documents(change: Change, terms: Callable[[str], list[str]]) -> Iterator[tantivy.Document]:
    """The passages of a paper; ``terms`` is the analyzer of texts."""
    for passage_id, (start, end) in zip(change.passage_ids, change.spans, strict=True):
        document = tantivy.Document()
        document.add_text("passage_id", passage_id)
        document.add_text("paper_id", change.paper.paper_id)
        document.add_unsigned("paper_key", paper_key(change.paper.paper_id))
        text = plain(f"{change.paper.title}. {change.paper.abstract[start:end]}")
        document.add_text("text", text)
        document.add_text("word", text)
        for form, other in aliases(text, terms):
            document.add_text("alias", f"{form}\t{other}")
        yield document
