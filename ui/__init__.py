"""The page: a window on the assistant, with no logic of its own. Home of gradio."""
