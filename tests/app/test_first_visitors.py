"""When many first visitors come at the same moment, what they share is computed once."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import streamlit as st

from model.bundled_networks import load_network
from model.corruption import Corruption
from model.evaluate import predict_images
from model.mnist import load_mnist
from model.network import Network
from pages.widgets.answer import digit_check
from pages.widgets.canvas import live_preview
from pages.widgets.networks import average_rule, mnist_predictions, network_cache, picker
from pages.widgets.networks.network_cache import NetworkCache
from pages.widgets.test_set import corruption

VISITORS = 8
MNIST = load_mnist()


def get_at_once(look: Callable[[], Any]) -> list[Any]:
    """Return what each visitor gets when all look at the same moment."""
    ready = threading.Barrier(VISITORS)

    def visit(_: int) -> Any:
        ready.wait()
        return look()

    with ThreadPoolExecutor(VISITORS) as visitors:
        return list(visitors.map(visit, range(VISITORS)))


@pytest.fixture
def network() -> Network:
    """Return a network that nobody has looked at yet."""
    return load_network("notebook")


@pytest.fixture
def fresh() -> Iterator[None]:
    """Empty all caches, as on a server that has just started."""
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


SHARED: dict[str, Callable[[Network], Any]] = {
    "answers to the test images": lambda network: mnist_predictions.probabilities_of(network, MNIST),
    "network for browsers": live_preview.packed_network,
    "MNIST": lambda _: mnist_predictions.cached_mnist(),
    "bundled network": lambda _: picker.cached_network("robust"),
    "digit check": lambda _: digit_check.cached_digit_check(),
    "average digits": lambda _: average_rule.average_rule(),
}


@pytest.mark.parametrize("name", SHARED)
@pytest.mark.usefixtures("fresh")
def test_all_visitors_share_one_object(name: str, network: Network) -> None:
    first, *others = get_at_once(lambda: SHARED[name](network))
    assert all(other is first for other in others)


def test_the_test_images_are_predicted_once(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    reads: Counter[str] = Counter()

    def read(network: Network, images: np.ndarray) -> np.ndarray:
        reads["of the test images"] += 1
        return predict_images(network, images)

    monkeypatch.setattr(mnist_predictions, "predict_images", read)
    monkeypatch.setattr(corruption, "predict_images", read)
    get_at_once(lambda: mnist_predictions.probabilities_of(network, MNIST))
    assert reads.total() == 1
    found = get_at_once(lambda: corruption.measure_accuracies({"Mine": network}, MNIST, Corruption(right=2)))
    assert reads.total() == 2
    assert all(each == found[0] for each in found)


def test_shared_arrays_are_read_only(network: Network) -> None:
    with pytest.raises(ValueError, match="read-only"):
        mnist_predictions.probabilities_of(network, MNIST)[0] = 0


def test_networks_are_computed_independently(network: Network) -> None:
    values: NetworkCache[str] = NetworkCache()
    is_slow, may_end = threading.Event(), threading.Event()

    def compute_slowly() -> str:
        is_slow.set()
        may_end.wait()
        return "slow"

    with ThreadPoolExecutor(1) as visitor:
        slow = visitor.submit(values.get, network, compute_slowly)
        is_slow.wait()
        assert values.get(load_network("notebook"), lambda: "quick") == "quick"
        assert values.get(network, lambda: "another value", "key") == "another value"
        assert values.known(network) is None
        may_end.set()
        assert slow.result() == "slow"
    assert values.known(network) == "slow"


def test_a_failed_computation_is_tried_again(network: Network) -> None:
    values: NetworkCache[str] = NetworkCache()

    def fail() -> str:
        raise MemoryError

    with pytest.raises(MemoryError):
        values.get(network, fail)
    assert values.get(network, lambda: "there") == "there"


def test_cached_values_are_dropped_with_their_network_and_beyond_the_limit(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network_cache, "MAX_VALUES", 2)
    values: NetworkCache[int] = NetworkCache()
    for number in range(3):
        values.get(network, lambda: 1, number)
    assert [values.known(network, number) for number in range(3)] == [None, None, 1]
    values.get(load_network("notebook"), lambda: 1)  # of a network that nobody holds any more
    assert len(values._places) == 1
