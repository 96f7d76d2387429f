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
CITE = "Cite"
COPY_AS = "Copy {form}"
COPIED = "Copied"
NOT_COPIED = "The browser does not let it be copied"
NOTHING_YET = (
    "The papers that an answer rests on are shown here, each quoted sentence highlighted in its"
    " abstract."
)
CITED_PAPERS, FOUND_PAPERS = "Evidence", "Found"
NEAREST_PAPERS, READ_PAPERS = "Nearest", "Being read"
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
GO_ON = "Go on with"
SAVE_CHAT = "Save this chat"
SAVES_CHAT = "As Markdown, as it stands, with the references of each answer"
SUMMARIZE_TOPIC = "Summarize “{topic}”"

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

# A collection on a server that is away.
FROM_COPY = (
    "Answers come from the copy on this machine; papers can be added when the server is back."
)

# The header and the box.
EXTRACTIVE = "Extractive · offline"
VECTORS_TO_COME = "Searching by words; vectors for {n:,} of {all:,} papers are ready"
NAME = "Paper Assistant"
VIEWS = {"chat": "Chat", "library": "Library", "map": "Map"}
VIEWS_LABEL = "Views"
HINT = "Enter to ask · Shift+Enter for a new line"
EMPTY = "Type a question first."
HELLO = "Ask the collection"
HELD = "{papers}. Every sentence of an answer shows the sentence of the abstract it rests on."
LISTED_ON = ", listed "
MANY_PAPERS = ("{n:,} paper", "{n:,} papers")
QUESTION = "Question"
QUESTION_HINT = "Ask, or name a topic to summarize"
MODE = "Mode"
STOP = "Stop"
ASK = "Ask"

# While an answer comes, and where there is none.
SEARCHED = "Searched for “{query}”"
SEARCHING = "Searching …"
READING_PAPERS = "Reading {near}{call} …"
CALL = "call {n} of {all}"
UNEXPECTED = (
    "Something went wrong that should not have. The terminal that the page was started from says"
    " what; asking again may help."
)
SHOWN_FOR_COMPARISON = "The nearest papers are shown for comparison."
NOT_MENTIONED = "No near abstract mentions {words}. "
NOTHING_FOUND = "Nothing was found."
CITATION = "Citation {n}: {title}"
NOT_SUPPORTED = "not supported by {marks}"
NO_SOURCE = "no source"

# The library.
SEARCH_LIBRARY = "Search the library"
SEARCH_HINT = "Search titles, authors and abstracts"
ORDER = "Order"
SORTS = {
    "Recently added": "Recently added",
    "Newest listed": "Newest listed",
    "Oldest listed": "Oldest listed",
    "Newest published": "Newest published",
    "Oldest published": "Oldest published",
    "Title, A to Z": "Title, A to Z",
    "Title, Z to A": "Title, Z to A",
}
COLUMNS = {"title": "Title", "published": "Published", "listed": "Listed"}
ACTIONS = {
    "ask": ASK_ABOUT,
    "more": MORE_LIKE,
    "cite": "Copy BibTeX",
    "remove": "Remove",
}
EMPTY_SHELF = "The collection is empty. Add papers to it, and they stand here."
SOME_OF = "{n:,} of {all:,} papers"
SHOW_MORE = "Show {n} more"
CHOOSE_ALL = "Choose all that are shown"
CHOOSE = "Choose {title}"
CLEAR_CHOICE = "Clear"
REMOVE_CHOSEN = "Remove them"
REMOVED = "Removed {what}"
IS_BACK = ("{what} is back", "{what} are back")
FILES = "Files of papers"
OF_GRADIO = {
    "upload_text.drop_file": "Drop files here",
    "upload_text.click_to_upload": "choose them",
}
PASTE = "Or paste"
PASTE_HINT = (
    "2403.01234 · hf:2024-03-11 · arxiv-search:graph kernels · BibTeX, RIS or JSON · or a title,"
    " and its abstract under it"
)
ADD = "Add"
NOTHING_TO_ADD = "Choose files, or paste something, first."
EXPORT = "Export"
FORM = "Form"
DOWNLOAD = "Download"
ASK_EACH = "Ask each paper"
ASK_EACH_HINT = "Ask each paper a question"
ADD_COLUMN = "Add column"
ANSWERS_FIRST = "Papers that answer first"
ORDERED = "The first {n:,} of {all:,} papers were asked; narrow the list to ask others."
REMOVE_COLUMN = "Remove the column “{question}”"
TOO_MANY_COLUMNS = "There are {n} columns, which is as many as can be read. Remove one first."
SAYS_NOTHING = "The abstract does not say"
HOW_SURE = "Answers with a probability of {chance}"
ASKING_EACH = "Asked {n:,} of {all:,} papers …"

# The map.
UNNAMED_THEME = "Other papers"
MAP_OF = "Map of {papers}. Arrow keys go from paper to paper, Enter opens one."
BY_CHANCE = "{n:,} of {all:,} papers, taken by chance"
DRAWN = "How much of the map is drawn"
THEMES_ON_MAP = "Themes"
NO_MAP = "There is nothing to show yet. Add papers in the library."
LISTED_IN = "Listed {days}"
LISTED_THEN = ", listed {days}"
OPEN_PAPER = "The paper that is open"
SHOW_ALL = "Show all"
ZOOM = {"all": "Zoom", "in": "Zoom in", "out": "Zoom out", "whole": "Show the whole map"}

# What the scripts say.
IN_BROWSER = {
    "waits": "It is asked as soon as this answer is there.",
    "about": "About “{title}”: ",
    "bibtex": "BibTeX copied",
    "uncopied": "The browser does not let it be copied; use Export instead",
    "chosen": ["{n} paper chosen", "{n} papers chosen"],
    "listed": "what is listed",
    "these": "the {chosen}",
    "lit": ["{n} paper of the answer in the chat", "{n} papers of the answer in the chat"],
}

# The keyboard.
SHORTCUTS = "Keyboard shortcuts"
SHORTCUTS_ON = "Letters, digits and “/” are shortcuts while nothing is typed"
KEY_GROUPS = {
    "everywhere": "Everywhere",
    "asking": "Asking",
    "reading": "Reading",
    "map": "On the map",
}
KEYS_DO = {
    "list": "This list",
    "write": "Write a question; in the library, search it",
    "chat": "Go to the chat",
    "library": "Go to the library",
    "map": "Go to the map",
    "answer": "Answer a question",
    "summarize": "Summarize a topic",
    "find": "Find papers",
    "filters": "Filters and settings",
    "new": "New chat",
    "chats": "Earlier chats",
    "ask": "Ask",
    "line": "New line",
    "stop": "Stop the answer",
    "next": "Next citation",
    "before": "Citation before",
    "copy": "Copy the answer",
    "edit": "Edit the question",
    "again": "Ask it again",
    "sentence": "From a citation to its sentence in the abstract, and back",
    "step": "From paper to paper",
    "open": "Open a paper",
    "zoom": "Enlarge, shrink, show all",
}
