"""Papers in, ranked passages out: readers, splitting, encoders, Chroma, lexical index, fusion."""
