"""Answers written by a chat model from the evidence, and checked sentence by sentence."""
