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
LINK_COPIED = "Link copied"
NO_MODE = "The address asks for the mode “{mode}”; there are {modes}"
LONG_ADDRESS = "The address has {n:,} characters and {most:,} are read"
