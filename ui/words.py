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
