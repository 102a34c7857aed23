"""A cache of values computed about networks: shared by all visitors, and computed once, however many ask at a time.

Values that belong to no network are in `st.cache_resource` and `st.cache_data`, which do the same.
"""

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from model.network import Network

MAX_VALUES = 20_000  # of one network

Value = TypeVar("Value")


class _Place(Generic[Value]):
    """The place of one value, computed or not yet."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.values: list[Value] = []  # empty, or one value


class NetworkCache(Generic[Value]):
    """Values by network and, if a network has several, by key; kept for as long as the network exists.

    Values must not be changed: everybody gets the same one.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._places: WeakKeyDictionary[Network, dict[Hashable, _Place[Value]]] = WeakKeyDictionary()

    def get(self, network: Network, compute: Callable[[], Value], key: Hashable = None) -> Value:
        """Return the value. The first caller computes it; meanwhile, callers for the same value wait.

        Raises what `compute` raises; then the next caller computes.
        """
        with self._lock:
            places = self._places.setdefault(network, {})
            if key not in places and len(places) >= MAX_VALUES:
                places.clear()
            place = places.setdefault(key, _Place())
        with place.lock:
            if not place.values:
                place.values.append(compute())
            return place.values[0]

    def known(self, network: Network, key: Hashable = None) -> Value | None:
        """Return the value if it has been computed, else None."""
        with self._lock:
            place = self._places.get(network, {}).get(key)
        return place.values[0] if place and place.values else None
