"""The shortest LlamaIndex program that does what is compared: same encoder, saved Chroma store.

python -m tests.bench.peer ingest FOLDER          stores the five pages
python -m tests.bench.peer ask FOLDER QUESTION    prints the five nearest titles
"""

import json
import sys
import time

import chromadb
from llama_index.core import Document, StorageContext, VectorStoreIndex
from llama_index.core.embeddings import BaseEmbedding
from llama_index.core.node_parser import SentenceSplitter
from llama_index.vector_stores.chroma import ChromaVectorStore

from store.readers import read_source
from tests.bench.common import PAGES, encoder, figures

ENCODER = encoder()


class Embedding(BaseEmbedding):
    """The project's encoder as LlamaIndex wants it."""

    def _get_text_embedding(self, text: str) -> list[float]:
        return ENCODER.encode([text])[0].tolist()

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return ENCODER.encode(texts).tolist()

    _get_query_embedding = _get_text_embedding

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)


def ingest(folder: str) -> None:
    """Store the five pages and print the figures as JSON."""
    began = time.perf_counter()
    records = {record.title: record for page in PAGES for record in read_source(page)}
    documents = [
        Document(text=record.abstract, metadata={"title": title})
        for title, record in records.items()
    ]
    VectorStoreIndex.from_documents(
        documents,
        storage_context=StorageContext.from_defaults(vector_store=_store(folder)),
        embed_model=Embedding(embed_batch_size=256),
        transformations=[SentenceSplitter(chunk_size=300, chunk_overlap=60)],
    )
    print(json.dumps(figures(len(documents), began)))


def ask(folder: str, question: str) -> None:
    """Print the titles of the five nearest passages."""
    index = VectorStoreIndex.from_vector_store(_store(folder), embed_model=Embedding())
    for node in index.as_retriever(similarity_top_k=5).retrieve(question):
        print(node.metadata["title"])


def _store(folder: str) -> ChromaVectorStore:
    client = chromadb.PersistentClient(folder)
    return ChromaVectorStore(client.get_or_create_collection("papers"))


if __name__ == "__main__" and len(sys.argv) > 1:
    {"ingest": ingest, "ask": ask}[sys.argv[1]](*sys.argv[2:])
