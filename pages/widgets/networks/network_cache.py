"""What is computed about networks is shared by all visitors, and computed once, however many come for it at once.

What belongs to no network is shared by `st.cache_resource` and `st.cache_data`, which do the same.
"""

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from model.network import Network

MAX_VALUES = 20_000  # of one network

Value = TypeVar("Value")


class _Place(Generic[Value]):
    """Where a value is or will be."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.values: list[Value] = []  # none yet, or one


class NetworkCache(Generic[Value]):
    """Values by network and, where there are several, by a key; kept as long as the network is there.

    A value must not be changed: whoever asks for it gets the same one.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._places: WeakKeyDictionary[Network, dict[Hashable, _Place[Value]]] = WeakKeyDictionary()

    def get(self, network: Network, compute: Callable[[], Value], key: Hashable = None) -> Value:
        """The value. The first one to ask computes it; who asks meanwhile waits, unless it is for another value.

        Raises what `compute` raises; then the next one to ask computes.
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
        """The value, if it has been computed."""
        with self._lock:
            place = self._places.get(network, {}).get(key)
        return place.values[0] if place and place.values else None
