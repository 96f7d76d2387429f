"""A topic over many papers: which are on it, what they have in common, what they say."""
