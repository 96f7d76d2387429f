"""How the encoders that ship were made. Needs the extra "train"; nothing else imports it."""
