"""The prompt texts, one file each, and the loader that checks their variables."""

from prompts.loader import NAMES, Prompt, PromptError, load_prompts

__all__ = ["NAMES", "Prompt", "PromptError", "load_prompts"]
