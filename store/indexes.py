"""The two indexes of a home: opened, mended, kept in step with the catalog, written in turns."""

import logging
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from store.catalog import Catalog
from store.encoders import Encoder
from store.errors import HomeBusyError, IndexDamagedError, ServerError
from store.following import CatchingUp, PassageIndex, follow, in_step
from store.home import FORMAT, Home
from store.salvage import salvage
from store.server.address import ServerAddress
from store.server.binding import is_bound, refuse_copy
from store.server.log import MadeFor, ServerLog
from store.server.replica import Replica
from store.server.watching import Watching
from store.vector_folder import VectorFolder

if TYPE_CHECKING:
    from store.lexical import LexicalIndex

__all__ = ["Indexes"]

_MAX_AT_ONCE = 200
"""Changes that an opening makes up for before it returns; more are made up for behind it."""
_MAX_WAIT_S = 600.0
_TRY_FOR_S = 2.0
_log = logging.getLogger(__name__)
_Index = TypeVar("_Index")


class Indexes:
    """The dense and the lexical index of a home."""

    def __init__(
        self,
        home: Home,
        catalog: Catalog,
        encoder: Encoder,
        files: ExitStack,
        server: ServerAddress | None = None,
    ) -> None:
        """Open them.

        Args:
            home: The folder.
            catalog: What they follow.
            encoder: Encodes passages and queries.
            files: Closes what was opened, also where a later step fails.
            server: What the catalog follows in turn; None where it is the one truth.
        """
        from store.dense import DenseIndex

        self._home = home
        self._catalog = catalog
        self._encoder = encoder
        self._log = self._followed(server, files)
        self.lexical = self._opened(lambda: self._words(files), home.lexical)
        self.dense = self._opened(
            lambda: DenseIndex(home.chroma, encoder, self._kept()), home.chroma
        )
        files.callback(self.dense.close)
        self._both: dict[str, PassageIndex] = {"lexical": self.lexical, "dense": self.dense}
        self._seen = catalog.followers()
        self._refreshing = threading.Lock()
        self._catching_up = CatchingUp(catalog, self._both, self.writing)
        files.callback(self._catching_up.stop)
        self._watching = Watching(self._take_in)
        files.callback(self._watching.stop)

    def _followed(self, server: ServerAddress | None, files: ExitStack) -> ServerLog | None:
        """What the catalog follows in turn."""
        if self._home.is_read_only:
            return None  # a copy can be asked, and goes no further
        if server is None:
            refuse_copy(self._home.folder)
            return None
        made_for = MadeFor(self._encoder.name, self._encoder.dimension, FORMAT)
        log = ServerLog(self._home.folder, Replica(self._home.catalog), server, made_for)
        files.callback(log.close)
        if not is_bound(self._home.folder):
            log.connect()  # there is no copy yet to do without it
        return log

    def _words(self, files: ExitStack) -> "LexicalIndex":
        from store.lexical import LexicalIndex

        if not self._home.is_read_only:
            return LexicalIndex(self._home.lexical)
        from store.read_only import ReadOnlyWords

        return ReadOnlyWords(self._home.lexical, files)

    def _kept(self) -> Callable[[Path], VectorFolder]:
        """Opens what keeps the passages."""
        if self._home.is_read_only:
            from store.read_only import ReadOnlyVectors

            return ReadOnlyVectors
        if self._log is None:
            from store.chroma_folder import ChromaFolder

            return ChromaFolder.of
        from store.server.folder import ServerFolder

        return partial(ServerFolder, log=self._log, dimension=self._encoder.dimension)

    def _opened(self, open_index: Callable[[], _Index], folder: Path) -> _Index:
        """Open an index; a damaged one is put aside, and built anew from the papers."""
        try:
            return open_index()
        except IndexDamagedError:
            with self._home.writing():
                try:
                    return open_index()  # another process may have mended it meanwhile
                except IndexDamagedError as error:
                    _log.warning("%s; this is done now.", error)
                with suppress(IndexDamagedError):
                    salvage(folder)
                    return open_index()
                shutil.rmtree(folder, ignore_errors=True)
                return open_index()

    @contextmanager
    def writing(self, wait_s: float = 10.0) -> Iterator[None]:
        """Hold the home for writing, with everything as the last one who wrote has left it.

        Args:
            wait_s: How long to wait for another one to finish.

        Raises:
            HomeBusyError: Another one is still writing.
            ServerError: The server that the home follows does not answer.
        """
        with self._holding(wait_s):
            if self._log:
                if self._log.pull():
                    self.follow_at_once("lexical")
                self._watching.looked()
            yield

    @contextmanager
    def _holding(self, wait_s: float) -> Iterator[None]:
        """Hold the home for writing, with the indexes as the last one who wrote has left them."""
        with self._home.writing(wait_s):
            self._check_encoder()
            self.lexical.refresh()
            try:
                self.dense.prepare()
            except IndexDamagedError as error:
                _log.warning("%s; this is done now.", error)
                self.dense.mend()
            yield

    def begins_with_nothing(self) -> bool:
        """Whether nobody else has begun the collection of a new home."""
        return self._log is None or not self._log.server.heads()

    def repair(self) -> None:
        """Make up for what a crash has left behind: here what is little, more in a thread."""
        if self._log:
            self._catch_up_with_server()
            return
        if in_step(self._catalog, self._both.values()):
            self._tell_others()
            return
        if self._home.is_read_only:
            _log.warning("The indexes are behind the papers, and the home cannot be written to.")
            return
        _log.warning("The indexes are behind the papers; bringing them up to date.")
        if all(map(self._is_little_behind, self._both.values())):
            try:
                with self.writing(0.0):
                    self.follow_at_once("lexical", "dense")
                return
            except HomeBusyError:
                _log.info("Another process is storing papers; they appear as they are stored.")
        self._catching_up.start()

    def _tell_others(self) -> None:
        """Note what the indexes hold, where a crash came in between: others look there first."""
        noted = self._catalog.followers()
        told = all(noted.get(name, (0,))[0] == it.revision for name, it in self._both.items())
        if not told and not self._home.is_read_only:
            with suppress(HomeBusyError), self.writing(0.0):
                self.follow_at_once("lexical", "dense")

    def _catch_up_with_server(self) -> None:
        """See what other machines have stored, and send what a crash has kept here.

        Without the server the words are brought up to date, and the vectors wait for it.
        """
        try:
            with self.writing(0.0):
                self.follow_soon()
        except HomeBusyError:
            self._catching_up.start()  # behind the one who is writing
        except ServerError as error:
            self._watching.lost(error)
            with suppress(HomeBusyError), self._holding(0.0):
                self.follow_at_once("lexical")

    def _take_in(self) -> None:
        """Bring the home to what is on the server, if that is anything new, and the other way."""
        if not self._log:
            return
        if self._log.is_behind() or not in_step(self._catalog, self._both.values()):
            with self.writing(0.0):
                self.follow_soon()

    def _is_little_behind(self, index: PassageIndex) -> bool:
        ahead = index.revision > self._catalog.revision
        return self._catalog.count_changes(0 if ahead else index.revision) <= _MAX_AT_ONCE

    def follow_at_once(self, *names: str) -> None:
        """Bring "lexical" or "dense" up to date; the caller is ``writing``."""
        for name in names:
            follow(self._catalog, name, self._both[name])

    def follow_beside(self) -> AbstractContextManager[Callable[[], None]]:
        """Make vectors in a thread while the caller is ``writing``; see ``CatchingUp.beside``."""
        return self._catching_up.beside("dense")

    def follow_soon(self) -> None:
        """Bring both up to date, the vectors in a thread where they are many."""
        self.follow_at_once("lexical")
        if self._is_little_behind(self.dense):
            self.follow_at_once("dense")
        else:
            self._catching_up.start()

    def follow_in_turns(self, on_batch: Callable[[], None]) -> None:
        """Bring both up to date, letting others write between batches.

        A person's Ctrl-C comes to this thread, which only waits, and ends it between two batches:
        in the middle of Chroma's files it would have all of them made anew.

        Args:
            on_batch: Called after each.

        Raises:
            HomeBusyError: Another one has been writing for ten minutes.
        """
        done = in_step(self._catalog, self._both.values())
        with ThreadPoolExecutor(1, thread_name_prefix="following") as apart:
            patient_until = time.monotonic() + _MAX_WAIT_S
            while not done:
                try:
                    done = apart.submit(self._catching_up.step, _TRY_FOR_S).result()
                except HomeBusyError:
                    if time.monotonic() > patient_until:
                        raise
                    continue
                patient_until = time.monotonic() + _MAX_WAIT_S
                on_batch()

    def refresh(self) -> None:
        """See what others have stored since; where one is writing, the next time."""
        if self._log:
            self._watching.glance()
        followers = self._catalog.followers()
        if followers == self._seen or not self._refreshing.acquire(blocking=False):
            return
        try:
            self._check_encoder()
            self.lexical.refresh()
            if self.dense.refresh():
                self._seen = followers
        finally:
            self._refreshing.release()

    def _check_encoder(self) -> None:
        """Refuse to mix vectors where another process gave the home another encoder meanwhile."""
        if not self._home.is_new:
            self._home.check_encoder(self._encoder.name, self._encoder.dimension)

    def wait(self) -> None:
        """Wait until what is done in a thread is done."""
        self._catching_up.wait()
