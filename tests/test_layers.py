"""The arrows between packages, one home a vendor, quick imports, small modules and functions."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[1]
_PACKAGES = ("assistant", "prompts", "store", "ui")
MODULES = {
    ".".join(path.relative_to(_ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for package in _PACKAGES
    for path in sorted((_ROOT / package).rglob("*.py"))
}
_TREES = {
    name: ast.parse(path.read_text(encoding="utf-8"), str(path)) for name, path in MODULES.items()
}

# What a package may import of ours, besides itself.
_ALLOWED = {
    "ui": {"assistant"},
    "assistant": {"store", "prompts"},
    "store": set(),
    "prompts": set(),
}

# The only modules that may import a vendor; "ui" stands for all of its modules.
_HOMES = {
    "chromadb": {
        "store.chroma_collection",
        "store.chroma_folder",
        "store.dense",
        "store.server.chroma_server",
        "store.server.connection",
        "store.server.faults",
    },
    "tantivy": {
        "store.lexical",
        "store.lexical_fields",
        "store.lexical_queries",
        "store.read_only",
    },
    "llama_index": {"store.splitting", "assistant.chat.llama_model"},
    "model2vec": {"store.static_encoder"},
    "networkx": {"assistant.mapping.grouping"},
    "gradio": {"ui"},
    "uvicorn": {"assistant.server"},
    "fastapi": {"assistant.server", "ui"},
    "starlette": {"assistant.server", "ui"},
    "openai": {
        "store.endpoint_encoder",
        "assistant.chat.openai_faults",
        "assistant.chat.openai_model",
    },
    "onnxruntime": {"store.onnx_encoder", "store.training.export"},
    "tokenizers": {"store.onnx_encoder", "store.training.train", "store.word_tokens"},
    "bibtexparser": {"store.readers.bibtex", "store.writers.bibtex"},
    "pylatexenc": {"store.readers.bibtex"},
    "httpx": {"store.live.fetching", "store.server.connection", "store.server.faults"},
    "rispy": {"store.readers.ris"},
    "defusedxml": {"store.readers.atom"},
    "torch": {"store.training.export", "store.training.train"},
    "transformers": {"store.training.export", "store.training.train"},
}

# What no command should wait for before it knows that it needs it.
_HEAVY = {
    "chromadb",
    "fastapi",
    "gradio",
    "llama_index",
    "model2vec",
    "networkx",
    "numpy",
    "onnxruntime",
    "openai",
    "pandas",
    "tantivy",
    "tokenizers",
    "uvicorn",
}

_MAX_MODULE_LINES = 300
_MAX_FUNCTION_LINES = 40

each_module = pytest.mark.parametrize("module", MODULES)


@each_module
def test_the_arrows_between_packages_are_the_allowed_ones(module: str) -> None:
    package = _top(module)
    used = {_top(name) for name in _imported(_TREES[module])} & set(_PACKAGES)
    assert used <= _ALLOWED[package] | {package}


@each_module
def test_a_vendor_is_imported_in_its_home_only(module: str) -> None:
    strays = {
        name
        for name in map(_top, _imported(_TREES[module]))
        if name in _HOMES and not _HOMES[name] & {module, _top(module)}
    }
    assert not strays


@each_module
def test_the_home_of_a_vendor_is_imported_only_when_needed(module: str) -> None:
    homes = set().union(*_HOMES.values()) - {"ui"}
    if module in homes:
        return
    assert not set(_imported_at_once(_TREES[module].body)) & homes


@pytest.mark.parametrize("names", [", ".join(_PACKAGES), "assistant.cli"])
def test_importing_our_packages_loads_nothing_heavy(names: str) -> None:
    program = f"import sys, {names}; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=_ROOT, capture_output=True, text=True, check=True
    )
    assert not {_top(name) for name in run.stdout.split()} & _HEAVY


@each_module
def test_a_module_says_what_it_is(module: str) -> None:
    assert ast.get_docstring(_TREES[module])


@each_module
def test_a_module_is_one_idea_long(module: str) -> None:
    assert module_length(module) <= _MAX_MODULE_LINES


@each_module
def test_a_function_does_one_thing(module: str) -> None:
    lengths = function_lengths(module)
    assert not {name: n for name, n in lengths.items() if n > _MAX_FUNCTION_LINES}


def module_length(module: str) -> int:
    """Lines of a module, docstrings and blank lines included."""
    return len(MODULES[module].read_text(encoding="utf-8").splitlines())


def function_lengths(module: str) -> dict[str, int]:
    """Lines of each function and method of a module, docstrings included."""
    return {
        f"{module}:{node.lineno} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for node in ast.walk(_TREES[module])
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def _top(name: str) -> str:
    return name.partition(".")[0]


def _imported(tree: ast.AST) -> Iterator[str]:
    """Every module that is imported anywhere in a tree, `from a import b` as both a and a.b."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute here"
            yield str(node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _imported_at_once(body: list[ast.stmt]) -> Iterator[str]:
    """What is imported when a module is: outside of functions and of TYPE_CHECKING."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            yield from _imported_at_once(node.orelse)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from _imported(node)
        else:
            yield from _imported_at_once(
                [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt)]
            )
