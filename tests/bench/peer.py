"""LlamaIndex as its users put it together: passages in Chroma, BM25Retriever, QueryFusionRetriever.

The encoder is the project's; all else is LlamaIndex's default, but that ten hits are asked for
instead of two and no chat model rewrites the query. The two commands are what `speed` compares:

python -m tests.bench.peer ingest FOLDER          stores the five pages
python -m tests.bench.peer ask FOLDER QUESTION    prints the five nearest titles
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import chromadb
from llama_index.core import Document, StorageContext, VectorStoreIndex
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.embeddings import BaseEmbedding
from llama_index.core.node_parser import SentenceSplitter
from llama_index.vector_stores.chroma import ChromaVectorStore
from pydantic import PrivateAttr

from store.encoders import Encoder, encode_query
from tests.bench.common import encoder, figures
from tests.bench.datasets import SourcePaper, load

__all__ = ["ask_dense", "ask_hybrid", "store"]

_K = 10
_WORDS = "bm25"
Rank = Callable[[str], list[str]]


class Embedding(BaseEmbedding):
    """The project's encoder as LlamaIndex wants it."""

    _encoder: Any = PrivateAttr()

    def __init__(self, used: Encoder, **options: Any) -> None:
        super().__init__(model_name=used.name, **options)
        self._encoder = used

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._encoder.encode([text])[0].tolist()

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return self._encoder.encode(texts).tolist()

    def _get_query_embedding(self, query: str) -> list[float]:
        return encode_query(self._encoder, query)[0].tolist()

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


def store(papers: Sequence[SourcePaper], folder: Path, used: Encoder) -> None:
    """Store papers for both ways of asking."""
    from llama_index.retrievers.bm25 import BM25Retriever

    nodes = SentenceSplitter().get_nodes_from_documents([_document(paper) for paper in papers])
    BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=_K).persist(str(folder / _WORDS))
    context = StorageContext.from_defaults(vector_store=_vectors(folder))
    VectorStoreIndex(nodes, storage_context=context, embed_model=Embedding(used))


def ask_dense(folder: Path, used: Encoder) -> dict[str, Rank]:
    """The ways to ask vectors alone."""
    return {"dense": _ranking(_dense(folder, used))}


def ask_hybrid(folder: Path, used: Encoder) -> dict[str, Rank]:
    """The ways to ask both: fused by the default mode, and by the one that its guides show."""
    from llama_index.core.llms import MockLLM
    from llama_index.core.retrievers import QueryFusionRetriever
    from llama_index.core.retrievers.fusion_retriever import FUSION_MODES
    from llama_index.retrievers.bm25 import BM25Retriever

    both = [_dense(folder, used), BM25Retriever.from_persist_dir(str(folder / _WORDS))]
    return {
        name: _ranking(
            QueryFusionRetriever(both, llm=MockLLM(), mode=mode, similarity_top_k=_K, num_queries=1)
        )
        for name, mode in (
            ("default", FUSION_MODES.SIMPLE),
            ("reciprocal ranks", FUSION_MODES.RECIPROCAL_RANK),
        )
    }


def _document(paper: SourcePaper) -> Document:
    hidden = {"excluded_embed_metadata_keys": ["paper_id"]}
    return Document(text=paper.text, metadata={"paper_id": paper.paper_id}, **hidden)


def _dense(folder: Path, used: Encoder) -> BaseRetriever:
    index = VectorStoreIndex.from_vector_store(_vectors(folder), embed_model=Embedding(used))
    return index.as_retriever(similarity_top_k=_K)


def _ranking(retriever: BaseRetriever) -> Rank:
    def rank(query: str) -> list[str]:
        nodes = retriever.retrieve(query)
        return list(dict.fromkeys(node.metadata["paper_id"] for node in nodes))

    return rank


def _vectors(folder: Path) -> ChromaVectorStore:
    client = chromadb.PersistentClient(str(folder))
    return ChromaVectorStore(client.get_or_create_collection("papers"))


def ingest(folder: str) -> None:
    """Store the five pages, vectors alone, and print the figures as JSON."""
    used = encoder()
    began = time.perf_counter()
    papers = load("development").papers
    documents = [Document(text=paper.abstract, metadata={"title": paper.title}) for paper in papers]
    VectorStoreIndex.from_documents(
        documents,
        storage_context=StorageContext.from_defaults(vector_store=_vectors(Path(folder))),
        embed_model=Embedding(used, embed_batch_size=256),
        transformations=[SentenceSplitter(chunk_size=300, chunk_overlap=60)],
    )
    print(json.dumps(figures(len(documents), began)))


def ask(folder: str, question: str) -> None:
    """Print the titles of the five nearest passages."""
    index = VectorStoreIndex.from_vector_store(
        _vectors(Path(folder)), embed_model=Embedding(encoder())
    )
    for node in index.as_retriever(similarity_top_k=5).retrieve(question):
        print(node.metadata["title"])


if __name__ == "__main__" and len(sys.argv) > 1:
    {"ingest": ingest, "ask": ask}[sys.argv[1]](*sys.argv[2:])
