"""What a question takes from the conversation before it.

history     the turns, checked, trimmed and cut into exchanges
focus       the papers that the answers have cited, found again by their sentences
pointing    the words that point back, or away from what was found
leaning     whether a question leans, and on which of the papers
"""
