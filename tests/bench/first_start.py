"""What a newcomer waits for: a fresh clone, `make install`, `make run`, and `make run` again.

Clones HEAD into a temporary folder and takes no package from a cache.
`python -m tests.bench.first_start`
"""

import http.client
import os
import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

_ROOT = Path(__file__).parents[2]
_LONGEST_START_S = 120
_POLL_S = 0.02


def main() -> None:
    """Print seconds for the set-up, by uv and by pip, and for the first two starts."""
    with TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        _run("git", "clone", "--quiet", str(_ROOT), str(clone), cwd=_ROOT)
        environment = _fresh_environment(Path(folder) / "papers")
        by_pip_s = _timed_install(clone, environment, "pip")
        _run("make", "clean", cwd=clone, environment=environment)
        by_uv_s = _timed_install(clone, environment, "uv")
        installed_mb = _run("du", "-sm", ".venv", cwd=clone).split()[0]
        first_start_s, _ = _timed_start(clone, environment)
        second_start_s, said = _timed_start(clone, environment)
        assert "nstalling" not in said, f"the second start did set-up work:\n{said}"
    print(f"| install (pip instead)   | {by_pip_s:6.1f} s |")
    print(f"| install                 | {by_uv_s:6.1f} s, {installed_mb} MB |")
    print(f"| first start to page     | {first_start_s:6.1f} s |")
    print(f"| second start to page    | {second_start_s:6.1f} s |")


def _fresh_environment(home: Path) -> dict[str, str]:
    """The environment without what an outer make, a cache or the user's settings would add."""
    left_out = ("MAKE", "MFLAGS", "PAPER_ASSISTANT_", "OPENAI_", "PYTHONPATH", "VIRTUAL_ENV")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    return kept | {"PIP_NO_CACHE_DIR": "1", "UV_NO_CACHE": "1", "PAPER_ASSISTANT_HOME": str(home)}


def _timed_install(clone: Path, environment: Mapping[str, str], installer: str) -> float:
    begun = perf_counter()
    _run("make", "install", f"INSTALLER={installer}", cwd=clone, environment=environment)
    return perf_counter() - begun


def _timed_start(clone: Path, environment: Mapping[str, str]) -> tuple[float, str]:
    """Seconds from `make run` to the page, and what was said until then."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    log = clone.parent / "log"
    begun = perf_counter()
    with _running(["make", "run", f"PORT={port}"], clone, environment, log) as server:
        while not _answers(port):
            said = log.read_text(encoding="utf-8")
            assert server.poll() is None, f"the server stopped:\n{said}"
            assert perf_counter() - begun < _LONGEST_START_S, f"no page yet:\n{said}"
            sleep(_POLL_S)
        return perf_counter() - begun, log.read_text(encoding="utf-8")


@contextmanager
def _running(
    command: list[str], folder: Path, environment: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """A process group that is ended as Ctrl-C would end it."""
    with (
        log.open("w", encoding="utf-8") as output,
        subprocess.Popen(
            command, cwd=folder, env=environment, stdout=output, stderr=output, process_group=0
        ) as server,
    ):
        try:
            yield server
        finally:
            if server.poll() is None:
                os.killpg(server.pid, signal.SIGINT)


def _answers(port: int) -> bool:
    """Whether the page comes with status 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_LONGEST_START_S)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()


def _run(*command: str, cwd: Path, environment: Mapping[str, str] | None = None) -> str:
    run = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
    assert run.returncode == 0, f"{command}\n{run.stdout}\n{run.stderr}"
    return run.stdout


if __name__ == "__main__":
    main()
