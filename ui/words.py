"""The texts of the page in one place, so that they can be read together and translated."""

# What a question stays within.
FILTERS = {
    "listed_from": "listed from",
    "listed_to": "listed to",
    "published_from": "published from",
    "published_to": "published to",
    "source": "source",
    "k": "number of papers",
}
K_PAPERS = ("{n} paper", "{n} papers")
SOURCE_IS = "source {source}"
NO_NUMBER = "{value!r} is no number of papers from 1 to {most}"
TOO_LONG = "it is empty or has more than {most} characters"
LEFT_OUT = "“{what}” was left out: {why}"

# The papers beside an answer.
PANEL = "Evidence"
ASK_ABOUT = "Ask about this paper"
MORE_LIKE = "More like this"
CITE = "Copy citation"
COPIED = "Copied"
NOT_COPIED = "The browser does not let it be copied"
NOTHING_YET = (
    "The papers that an answer rests on are shown here, each quoted sentence highlighted in its"
    " abstract."
)
CITED_PAPERS, FOUND_PAPERS, NEAREST_PAPERS, READ_PAPERS = (
    "Evidence",
    "Found",
    "Nearest",
    "Being read",
)
WHOLE = "Whole abstract"
SUPPORT = "support"
ET_AL = "{names} et al."
CODE = "code"
BACK_TO_CITATION = "Back to citation {n} in the answer"
SELECT = "Show where the answer cites this paper"
LIKE = "Like “{title}” · {papers}"
NONE_LIKE = "No other paper is near “{title}”"
BACK_TO_PAPERS = "Back to the papers of the answer"
BACK_TO_ANSWER = "Back to the answer"
N_PAPERS = ("{n} paper", "{n} papers")

# What an answer covers.
NEAR_PAPERS = ("{n} near paper", "{n} near papers")
FROM_PAPERS = "From {n} of {near}"
NONE_ANSWER = "{n} of {near} answer"
RELEVANT_FIRST = "Most relevant first"
LISTED = "listed {days}"
PUBLISHED = "published {years}"
WITHIN = "within: {limits}"
ABSTRACTS_ONLY = "abstracts only"
NOT_READ = "Only abstracts were read. What a paper says elsewhere, this answer does not know."
KEPT = "{model}, kept from before"
TOOK = "{model}, {sent:,} + {written:,} tokens"
NO_PAPER_PASSES = "No paper passes the filters: {limits}."
CLEAR = "Clear the filters"

# The address of a question.
COPY_LINK = "Copy link"
NO_MODE = "The address asks for the mode “{mode}”; there are {modes}"
LONG_ADDRESS = "The address has {n:,} characters and {most:,} are read"

# What can be done with an answer.
DEEDS = "What to do with this answer"
RETRY = "Ask again"
COPY = "Copy as Markdown"
EDIT = "Edit what was asked"
EDITING = "Enter replaces the question · Esc leaves it"
GOOD = "Good answer"
BAD = "Bad answer"
THANKS = "Thank you. It is kept in the home folder and sent nowhere."
REASON_KEPT = "Your reason is kept."
WHY_GOOD = "What is good about it? (optional)"
WHY_BAD = "What is wrong with it? (optional)"
SEND = "Keep"
STOPPED = "Stopped."
REFERENCES = "References"
NEAREST = "Nearest papers"
WEAK_SENTENCE = "Sentence {n} is weak: {why}"
NO_REASON = "it cites nothing that carries it"

# The chats that the browser keeps; history.js shows those of HISTORY.
CHATS = "Chats"
CLOSE = "Close"
SEARCH_CHATS = "Search your chats"
ONLY_HERE = "Chats are kept in this browser only."
NEW_CHAT = "New chat"
UNDO = "Undo"
DAMAGED = "That chat could not be read, and was removed."
HISTORY = {
    "none": "No chats yet. What you ask is kept here.",
    "nothing": "No chat has these words.",
    "rename": "Rename “{title}”",
    "delete": "Delete “{title}”",
    "deleted": "Deleted “{title}”.",
    "title": "Title of the chat",
    "copy": "{title} (2)",
    "forked": "The chat went on in another tab; what you asked here is kept as a chat of its own.",
    "anew": "The page was served anew; the chat before this one is in the list.",
    "full": "The browser's room for chats is full; the oldest was dropped: “{title}”.",
    "unkept": "The browser has no room for this chat; it is not kept.",
    "damaged": "A chat that could not be read was removed.",
}

# The first screen of an empty collection.
EMPTY_COLLECTION = (
    "The collection is empty. Add papers to it: drop files, paste BibTeX or abstracts, or name what"
    " to fetch."
)
ADD_PAPERS = "Add papers"

# Filters and settings.
FILTERS_BUTTON = "Filters"
SETTINGS = "Filters and settings"
FIELDS = {
    "listed_from": "Listed from",
    "listed_to": "Listed to",
    "published_from": "Published from",
    "published_to": "Published to",
    "source": "Source",
    "k": "Number of papers",
    "model": "Writer",
    "theme": "Theme",
}
ANY = "any"
AS_SUITS = "as many as suit"
THEMES = {"": "System", "light": "Light", "dark": "Dark"}
SET = "Filters and settings in use"
SET_TO = {"model": "writer {value}", "theme": "{value} theme"}
DROP = "Remove: {what}"
DONE = "Done"
PASSING = "{n:,} of {all:,} papers pass"
NONE_PASSES = "No paper passes these filters."

# Papers that are added.
READING = "Reading …"
WAITS = "waits"
READ = ("{n:,} paper read", "{n:,} papers read")
REJECTED = "{n:,} rejected"
ON_LINE = "line {n:,}: "
AND_MORE = "and {n:,} more"
VECTORS = "Papers that have their vectors"
