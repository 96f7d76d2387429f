"""Texts as they are indexed and searched: one spelling for what is written in several ways.

Only what the lexical index reads goes through here; a stored abstract keeps every character.
"""

import re
import unicodedata

__all__ = ["FUNCTION_WORDS", "names", "plain"]

FUNCTION_WORDS = (  # noqa: SIM905 (a column of a hundred strings reads worse)
    "a about after all also am an and any are as at be because been before being between both but"
    " by can could did do does doing done during each ever every few for from get gets give had has"
    " have having he her here him his how i if in into is it its itself just me more most much many"
    " my no nor not now of off on once only or other our out over own per please s same she should"
    " since so some still such t tell than that the their them themselves then there these they"
    " this those through to too under until up us very via want was we were what whats when where"
    " whether which while who whom whose why will with within would yet you your"
).split()
"""English words that ask, join and point; they are neither indexed nor searched."""

_HYPHENATED = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_NAME = re.compile(r"(?=.*[^\W\d])(?:.*\d|.+[A-Z])")
_LOUD_NAME = re.compile(r"(?=.*[^\W\d]).*\d")
_SIGNS = re.compile(r"[\\{}$·⋅∙\u00d7\u2010-\u2013\u0370-\u03ff]")
_LOST_ROOTS = ("cdot", "math", "text")
_LOST = re.compile(r"cdot|math[a-z]|text(?:it|bf|tt|sc|rm)")
_ACCENT = re.compile(r"\\(?:['\"`^~=.]\{?\\?|[cuvH]\{)([A-Za-z])\}?")
_STYLE = re.compile(
    r"\\(?:emph|em|it|bf|rm|tt|sc|sf|bm|boldsymbol|operatorname|left|right|big+[lr]?|Big+[lr]?"
    r"|(?:display|script|text)style|ensuremath|mbox)(?![A-Za-z])"
    r"|\\?math(?:cal|bb|bf|rm|sf|frak|it|scr|tt)(?![a-z])"
    r"|\\?text(?:it|bf|tt|sc|rm|sf|normal)?(?=\{)|(?<![a-z])text(?:it|bf|tt|sc|rm)(?![a-z])"
    r"|\{raise\.17ex\\?scriptstyle"
)
_TIMES = re.compile(r"\u00d7|\\times(?![A-Za-z])|(?<=\d)times(?![A-Za-z])")
_DOT = re.compile(r"\\cdots?(?![a-z]) ?|(?<![a-z])cdots?(?![a-z])|(?<=\w)[·⋅∙](?=\w)")
_COMMAND = re.compile(r"(?<=([^\W_]))?\\([A-Za-z]+)(\{?)")
_GREEK = re.compile(r"(?<![\u0370-\u03ff])[\u0391-\u03a9\u03b1-\u03c9](?![\u0370-\u03ff])")
_HYPHENS = re.compile("[\u2010-\u2013]")
# The letter in front: looking back from every place of a text takes ten times as long.
_PLURAL = re.compile(r"s\b(?:(?<=[A-Z]{2}s)|(?<=\b[b-df-hj-np-rtv-xz]{3}s))")
_THOUSANDS = re.compile(r",(?<=\d,)(?=\d{3}(?!\d))")


def plain(text: str) -> str:
    r"""Write a text in one way only, for its words to be compared.

    LaTeX, also where its backslashes were lost, gives way to what it shows ("Z\cdot W",
    "Z{cdot}W" and "Z⋅W" become "Z-W", "mathcal{O}(n)" becomes "O(n)"); ligatures and letters of
    mathematics to plain ones; single Greek letters to their names; "10,000" to "10000"; "LLMs" and
    "llms", which a stemmer leaves alone, to "LLM" and "llm".
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    if _SIGNS.search(text) or (any(map(text.count, _LOST_ROOTS)) and _LOST.search(text)):
        text = _shown(text)
    return _PLURAL.sub("", _THOUSANDS.sub("", text))


def names(text: str) -> list[str]:
    """Find the words of a text that look like names whoever writes them: "LoRA", "w2v", "GPT-4".

    They have letters, and a digit or a capital inside; in a text all of capitals, a digit.
    """
    name = _LOUD_NAME if text.isupper() else _NAME
    return [word for word in dict.fromkeys(_HYPHENATED.findall(text)) if name.match(word)]


def _shown(text: str) -> str:
    """What LaTeX and signs stand for."""
    text = text.replace("$", "")
    if "\\" in text:
        text = _ACCENT.sub(r"\1", text)
    text = _DOT.sub("-", _TIMES.sub("x", _STYLE.sub("", text)))
    if "\\" in text:
        text = _COMMAND.sub(lambda it: f"{' ' if it[1] else ''}{it[2]}{' ' if it[3] else ''}", text)
    text = text.replace("}{", " ").replace("{", "").replace("}", "")
    return _GREEK.sub(_named, _HYPHENS.sub("-", text))


def _named(letter: re.Match[str]) -> str:
    """The name of a Greek letter, apart from what it was written together with."""
    name = (
        unicodedata.name(letter[0], letter[0]).rpartition(" ")[2].lower().replace("lamda", "lambda")
    )
    before, after = letter.string[: letter.start()][-1:], letter.string[letter.end() :][:1]
    return f"{' ' * before.isalnum()}{name}{' ' * after.isalpha()}"
