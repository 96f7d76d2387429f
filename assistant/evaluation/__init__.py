"""How well a collection is searched and answered from, measured on questions with known answers."""
