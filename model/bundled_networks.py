"""The networks that come with Inkling, each in a folder of its own: model/NAME/network.keras."""

from pathlib import Path

from model.files.keras_file import read_keras
from model.network import Network, NetworkError, check_reads_digits

BUNDLED = Path(__file__).parent
BUNDLED_NAMES = ("robust", "notebook")  # the best one first
# The linear model is bundled too, but not offered for drawing: the page "Why deep?" shows what a network without
# hidden layers can and cannot read.
KNOWN_NAMES = (*BUNDLED_NAMES, "linear")


def load_network(name: str | None = None) -> Network:
    """Read a bundled network by its name, or the best one if there is no name.

    Raises ValueError for an unknown name, NetworkError if the file is missing, damaged, or holds something else.
    """
    name = BUNDLED_NAMES[0] if name is None else name
    if name not in KNOWN_NAMES:
        raise ValueError(f"There is no network called {name!r}; the known ones are: {', '.join(KNOWN_NAMES)}.")
    path = BUNDLED / name / "network.keras"
    try:
        network = read_keras(path.read_bytes())
        check_reads_digits(network)
        if name == "linear" and len(network.layers) > 1:
            raise NetworkError("This network has hidden layers.")
    except (OSError, NetworkError) as error:
        raise NetworkError(
            f"The network “{name}” cannot be read: restore it with `git checkout -- model/{name}`, "
            f"or train it again with `python -m model.train {name}`."
        ) from error
    return network
