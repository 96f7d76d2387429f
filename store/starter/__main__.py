"""Write the starter collection's vectors anew, for the default encoder."""

import numpy as np

from store.encoders import encode_parts, load_encoder
from store.starter import starter_texts, vectors_file

encoder = load_encoder()
rows = encode_parts(encoder, *starter_texts())
np.save(vectors_file(encoder.name), np.concatenate(rows).astype(np.float16))
