"""One question asked of each of many papers: the sentence that answers it, or that there is none.

types       what an abstract says to a question
measures    how a question stands to each abstract, with its best sentence
stating     what was learned of whether an abstract answers (weights.json)
asking      from papers to what each says
"""

from assistant.each.asking import ask_each
from assistant.each.types import Said

__all__ = ["Said", "ask_each"]
