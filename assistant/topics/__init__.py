"""A summary of what the papers on a topic do and find.

subject     the topic, without the words that ask for a summary of it
reading     the candidates: their words, their sentences, vectors of these
signs       what tells of each whether it is on the topic: by itself, and by its company
on_topic    which of them are on it, by weights and a cut that were learned
phrases     what titles are made of
themes      groups of papers that share a phrase, which is their name
telling     the sentences that say what a paper does and finds
gaps        words of the topic that no paper, or hardly one, has
digest      all of that as text
topic       these steps, one after the other
"""
