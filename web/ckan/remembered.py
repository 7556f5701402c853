"""What was found in the records last, kept while they stay as they are."""

from collections import OrderedDict
from threading import Lock
from typing import Generic, TypeVar

from web.ckan.index_mark import Mark

Asked = TypeVar("Asked")
Found = TypeVar("Found")


class Remembered(Generic[Asked, Found]):
    """What was found last, until the index goes on. One for all threads of an application."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._mark: Mark | None = None
        self._found: OrderedDict[Asked, Found] = OrderedDict()

    def known(self, asked: Asked, mark: Mark) -> Found | None:
        """What was found, if it still is."""
        with self._lock:
            if mark != self._mark:
                self._mark = mark
                self._found.clear()
            found = self._found.get(asked)
            if found is not None:
                self._found.move_to_end(asked)
            return found

    def keep(self, asked: Asked, found: Found, mark: Mark) -> None:
        """Remember what was found, and forget what was asked for longest ago."""
        with self._lock:
            if mark == self._mark:
                self._found[asked] = found
                while len(self._found) > self._most:
                    self._found.popitem(last=False)
