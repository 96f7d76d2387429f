"""Write the starter collection's vectors anew, for the default encoder."""

import numpy as np

from store.encoders import encoded_text, load_encoder
from store.starter import starter_records, vectors_file

encoder = load_encoder()
texts = [encoded_text(record.title, record.abstract) for record in starter_records()]
np.save(vectors_file(encoder.name), encoder.encode(texts).astype(np.float16))
