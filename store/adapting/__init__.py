"""Adapting an encoder to the field of a collection: what ``paper-assistant train-encoder`` does."""
