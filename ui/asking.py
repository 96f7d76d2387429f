"""What happens on the page when something is asked, asked again, edited, judged or stopped."""

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import gradio as gr
from gradio.blocks import Block
from gradio.events import Dependency

from assistant import Assistant, AssistantError
from ui import words
from ui.answers import render_conversation
from ui.chat import Conversation, converse, stopped
from ui.evidence import NO_EVIDENCE, render_evidence
from ui.exchange import MODES, Asked, Chat, Mode, latest
from ui.feedback import judged, reasoned
from ui.filters import within_of
from ui.frame import EMPTY, HINT, render_hint
from ui.history import DamagedChatError, chat_as_json, read_chat
from ui.history_drawer import CHOSEN_JS, FORGOTTEN, UNKNOWN, as_damaged, as_opened
from ui.layout import Parts
from ui.overview import overview_of

__all__ = ["Asking", "when_asked"]

# No event of the page is an endpoint of an API, and nothing is dimmed while one runs.
_QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}

_Values = Mapping[Any, Any]
"""By part, what stands in it."""

_Shown = dict[Block, Any]
"""By part, what it becomes; the others stay as they are."""


def when_asked(page: gr.Blocks, parts: Parts, assistant: Assistant) -> None:
    """Say what happens when something is asked, and what is done with answers and chats."""
    asking, history = Asking(parts, assistant), parts.history
    inputs: set[Block] = {parts.box, parts.mode, parts.conversation, history.chat, history.given}
    inputs |= {parts.settings.model, *parts.settings.fields}
    outputs = [
        *(parts.box, parts.mode, parts.past, parts.now, parts.papers, parts.hint),
        *(parts.conversation, history.chat, history.kept),
    ]

    def when(
        triggers: Sequence[Any], does: Callable[..., Any], given: set[Block], js: str = "begun"
    ) -> Dependency:
        at = sorted(each._id for each in given).index(history.given._id)  # Gradio's order
        js = f"(...given) => window.paAsking.{js}(given, {at})"
        shown = None if does == asking.stopped else outputs
        event: Dependency = gr.on(triggers, does, given, shown, js=js, **_QUIET)
        return event

    events = [when([parts.box.submit, parts.ask.click], asking.asked, inputs, "sent")]
    for button in parts.examples:
        events.append(when([button.click], asking.picked(button), {*inputs, button}))
    events.append(when([parts.past.select, parts.now.select], asking.acted, inputs))
    events.append(when([parts.further.select], asking.went_on, inputs))
    events.append(when([parts.stop.click], asking.stopped, inputs))
    events.append(when([parts.new.click], asking.begun_anew, inputs))
    opens = [history.opened.click, page.load]
    chosen = [history.given, parts.conversation]
    events.append(gr.on(opens, asking.opened, chosen, outputs, js=CHOSEN_JS, **_QUIET))
    for event in events:
        event.then(None, None, None, js="() => window.paAsking.over()", **_QUIET)
        lost = "true" if event is events[0] else ""  # a question is put back
        event.failure(None, None, None, js=f"() => window.paAsking.over({lost})", **_QUIET)


class Asking:
    """What the parts become, from what stands in them."""

    def __init__(self, parts: Parts, assistant: Assistant) -> None:
        """Change nothing yet.

        Args:
            parts: Of the page.
            assistant: Answers.
        """
        self._parts = parts
        self._assistant = assistant

    def asked(self, values: _Values) -> Iterator[_Shown]:
        """The question in the box, in place of the one that is being edited."""
        parts = self._parts
        if self._forgot(values):
            yield {parts.history.kept: UNKNOWN}
            return
        at = values[parts.history.chat].editing
        yield from self._frames(values, self._as_asked(values, values[parts.box], at=at))

    def picked(self, button: gr.Button) -> Any:  # noqa: ANN401 (Gradio tells generators by it)
        """What asks an example."""

        def picked(values: _Values) -> Iterator[_Shown]:
            question = values[button]
            known = {each.question: each.mode for each in overview_of(self._assistant).examples}
            asked = self._as_asked(values, question, mode=known.get(question, "Answer"))
            yield from self._frames(values, asked)

        return picked

    def acted(self, values: _Values, event: gr.EventData) -> Iterator[_Shown]:
        """A button of an exchange; what comes with the event is from anywhere."""
        parts, conversation = self._parts, values[self._parts.conversation]
        if self._forgot(values):
            yield {parts.history.kept: UNKNOWN}
            return
        what, at = getattr(event, "what", None), getattr(event, "at", None)
        chat = values[parts.history.chat]
        if what == "leave" or (what == "edit" and at == chat.editing):
            chat = replace(chat, editing=None)
            yield {parts.box: "", parts.hint: render_hint(HINT), parts.history.chat: chat}
            return
        if not isinstance(at, int) or any(each.busy for each in conversation):
            return
        if not 0 <= at < len(conversation):
            return
        exchange = conversation[at]
        if what == "retry":
            asked = self._as_asked(values, exchange.question, mode=exchange.mode, at=at)
            again = replace(asked, within=exchange.within, fresh=True)
            yield from self._frames(values, again)
        elif what == "edit":
            yield {
                parts.box: exchange.question,
                parts.mode: exchange.mode,
                parts.hint: render_hint(words.EDITING, "editing"),
                parts.history.chat: replace(chat, editing=at),
            }
        elif what in ("up", "down", "why"):
            yield self._judged(values, at, what, str(getattr(event, "reason", "")))

    def went_on(self, values: _Values, event: gr.EventData) -> Iterator[_Shown]:
        """A question that stood under the answer; what comes with the event is from anywhere."""
        if self._forgot(values):
            yield {self._parts.history.kept: UNKNOWN}
            return
        question, mode = str(getattr(event, "question", "")), getattr(event, "mode", None)
        asked = self._as_asked(values, question, mode if mode in MODES else "Answer")
        yield from self._frames(values, asked)

    def stopped(self, values: _Values) -> None:
        """What is under way is ended; it says so by itself."""
        stopped(values[self._parts.conversation])

    def begun_anew(self, values: _Values) -> _Shown:
        """The first screen."""
        stopped(values[self._parts.conversation])
        shown = self._empty() | {self._parts.history.kept: FORGOTTEN}
        edits = values[self._parts.history.chat].editing is not None
        return shown | ({self._parts.box: ""} if edits else {})

    def opened(self, text: str, conversation: Conversation) -> _Shown:
        """A chat that the browser kept; where it gives none, the page stays as it is."""
        parts = self._parts
        if not text:
            return {parts.hint: render_hint(HINT)}
        stopped(conversation)
        try:
            name, conversation = read_chat(text, self._assistant)
        except DamagedChatError:
            said = {
                parts.hint: render_hint(words.DAMAGED, "warn"),
                parts.history.kept: as_damaged(),
            }
            return self._empty() | said
        chat = {parts.history.chat: Chat(name), parts.history.kept: as_opened(name)}
        return self._drawn(conversation) | chat

    def _forgot(self, values: _Values) -> bool:
        """Whether the tab has a chat open that this server knows nothing of, being started anew."""
        history = self._parts.history
        return bool(values[history.given] and not values[history.chat].name)

    def _as_asked(
        self, values: _Values, question: str, mode: Mode | None = None, at: int | None = None
    ) -> Asked:
        parts = self._parts
        within = within_of(*(values[field] for field in parts.settings.fields))
        model = values[parts.settings.model] or None
        return Asked(question, mode or values[parts.mode], model, within, at=at)

    def _frames(self, values: _Values, asked: Asked) -> Iterator[_Shown]:
        """What the parts become, again and again, while a question is answered."""
        parts, said = self._parts, values[self._parts.conversation]
        if not asked.question.strip():
            yield {parts.hint: render_hint(EMPTY, "warn")}
            return
        chat = Chat(values[parts.history.chat].name or uuid.uuid4().hex)
        before = latest(said) if asked.at is None else said
        at = len(before) if asked.at is None else asked.at
        conversations = converse(self._assistant, before, asked)
        begun = next(conversations)
        shown = self._drawn(begun) | {parts.history.chat: chat}
        if before is said:
            del shown[parts.papers]  # those that are there stay until there are others
        yield shown | self._kept(chat, begun)
        for conversation in conversations:
            shown = self._grown(conversation, at)
            if not conversation[at].busy:
                shown |= self._kept(chat, conversation)
            if conversation[at].problem:
                shown[parts.box] = asked.question
            yield shown

    def _grown(self, conversation: Conversation, at: int) -> _Shown:
        """More of the exchange that is under way, which may be an earlier one."""
        parts, exchange, last = self._parts, conversation[at], at == len(conversation) - 1
        shown: _Shown = {parts.conversation: conversation}
        if last:
            shown[parts.now] = render_conversation(conversation[-1:])
        else:
            shown[parts.past] = render_conversation(conversation[:-1])
        if not exchange.busy or (exchange.near and not exchange.text):
            shown[parts.papers] = render_evidence(conversation)
        return shown

    def _drawn(self, conversation: Conversation) -> _Shown:
        """A whole conversation."""
        parts = self._parts
        return {
            parts.past: render_conversation(conversation[:-1]),
            parts.now: render_conversation(conversation[-1:]),
            parts.papers: render_evidence(conversation) or NO_EVIDENCE,
            parts.hint: render_hint(HINT),
            parts.conversation: conversation,
        }

    def _empty(self) -> _Shown:
        return self._drawn(()) | {self._parts.history.chat: Chat()}

    def _kept(self, chat: Chat, conversation: Conversation) -> _Shown:
        return {self._parts.history.kept: chat_as_json(chat.name, conversation)}

    def _judged(self, values: _Values, at: int, what: str, reason: str) -> _Shown:
        parts, before = self._parts, values[self._parts.conversation]
        try:
            if what == "why":
                after = reasoned(self._assistant, before, at, reason)
            else:
                after = judged(self._assistant, before, at, "up" if what == "up" else "down")
        except AssistantError as error:
            return {parts.hint: render_hint(str(error), "warn")}
        return self._grown(after, at) | self._kept(values[parts.history.chat], after)
