"""What can go wrong in the assistant; a refusal is a result and none of these.

AssistantError
├── SettingError               a setting is unknown or has a value that makes no sense
├── QuestionError              a question or its history cannot be taken as it is
├── EvaluationError            questions to measure with cannot be read, or measure nothing
├── FeedbackError              a judgement of an answer cannot be kept or read
├── ServerError                the server cannot be started
└── ChatModelError             a chat model does not answer, or breaks off
    └── ContextOverflowError   a prompt is longer than the model takes
"""

__all__ = [
    "AssistantError",
    "ChatModelError",
    "ContextOverflowError",
    "EvaluationError",
    "FeedbackError",
    "QuestionError",
    "ServerError",
    "SettingError",
]


class AssistantError(Exception):
    """Anything the assistant cannot do; catch it to handle all of them.

    The message is written for the person at the keyboard: the thing, the value and the way out.
    """

    retryable = False


class SettingError(AssistantError):
    """An argument or environment variable is wrong; catch it to show what is allowed."""


class QuestionError(AssistantError):
    """A question is empty, too long, or its history malformed; catch it to ask again."""


class EvaluationError(AssistantError):
    """A file to measure with cannot be used; catch it to name its file and line."""


class FeedbackError(AssistantError):
    """A judgement cannot be kept or read; catch it to tell whoever judged."""


class ServerError(AssistantError):
    """The server cannot be started; catch it to try another port."""


class ChatModelError(AssistantError):
    """A chat model does not answer, or breaks off; catch it to ask again or another model.

    ``retryable`` is True where the same question may be answered later.
    """

    def __init__(self, message: str, *, retryable: bool = False) -> None:
        """Say what is wrong, and whether it may pass."""
        super().__init__(message)
        self.retryable = retryable


class ContextOverflowError(ChatModelError):
    """A prompt is longer than the model takes; catch it to send less evidence."""
