"""What the lexical index is asked, made of groups of terms.

Where no group of a query has another form, it is a plain union of terms, of which tantivy skips
most passages: at 117,804 papers it took a third of the time that one with 14 other forms did.
"""

from collections.abc import Mapping, Sequence

import tantivy

from store.expansion import Group

__all__ = ["best", "covering", "holding"]


def best(groups: Sequence[Group], schema: tantivy.Schema) -> tantivy.Query:
    """Match what has any term of some groups, or what stands in its place; BM25 values add up."""
    return _any([_clause(group, schema) for group in groups])


def _clause(group: Group, schema: tantivy.Schema) -> tantivy.Query:
    """Match the terms of a group, or what stands in their place: the better of it counts."""
    own = _any([holding(term, schema) for term in group.terms])
    others = [
        tantivy.Query.boost_query(_all([holding(term, schema) for term in terms]), weight)
        for terms, weight in group.others
    ]
    return tantivy.Query.disjunction_max_query([own, *others]) if others else own


def covering(
    groups: Sequence[Group],
    shares: Mapping[str, float],
    paper_ids: Sequence[str],
    schema: tantivy.Schema,
) -> tantivy.Query:
    """Match some papers; the shares of the terms of groups that a passage has add up.

    Each group is put behind the query before it, for tantivy to look it up in the papers alone: of
    several that a passage may have it would go through all passages of each. At 117,804 papers 30
    of them took half the time so.
    """
    names = [tantivy.Query.term_query(schema, "paper_id", name, "basic") for name in paper_ids]
    query = _worth(_any(names), 0.0)
    for group in groups:
        wished = (tantivy.Occur.Should, _share(group, shares, schema))
        query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), wished])
    return query


def _share(group: Group, shares: Mapping[str, float], schema: tantivy.Schema) -> tantivy.Query:
    """The shares of a group's terms that a passage has, or most of all in their place."""
    own = _any([_worth(holding(term, schema), shares[term]) for term in group.terms])
    whole = sum(shares[term] for term in group.terms)
    others = [
        _worth(_all([holding(term, schema) for term in terms]), weight * whole)
        for terms, weight in group.others
    ]
    return tantivy.Query.disjunction_max_query([own, *others]) if others else own


def holding(term: str, schema: tantivy.Schema) -> tantivy.Query:
    """Match what has a term."""
    return tantivy.Query.term_query(schema, "text", term, "freq")


def _worth(query: tantivy.Query, value: float) -> tantivy.Query:
    """Match what a query matches, at one value."""
    return tantivy.Query.const_score_query(query, value)


def _any(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    """Match what matches any of some queries; the values add up."""
    if len(queries) == 1:
        return queries[0]
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])


def _all(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    """Match what matches all of some queries; the values add up."""
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, query) for query in queries])
