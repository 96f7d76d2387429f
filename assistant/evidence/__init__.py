"""From ranked papers to the sentences of their abstracts that answer a question.

types       what evidence is, and what is asked of a collection for it
words       the words that tell what a question asks for, and what a sentence offers
scale       how near is near, whatever the encoder
features    what is looked at in the found abstracts
weights     what was learned from questions with their answering sentences (weights.json)
ranking     from all of that to sentences with probabilities
"""

from assistant.evidence.features import covered
from assistant.evidence.ranking import rank_evidence
from assistant.evidence.types import Evidence, Reader

__all__ = ["Evidence", "Reader", "covered", "rank_evidence"]
