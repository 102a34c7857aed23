"""What to try on the page Inside."""

from functools import partial
from typing import Any

from model.ablation import NeuronAblation
from pages.widgets.digit.digit_view import look_into_network, pin_image
from pages.widgets.digit.experiment_row import Experiment
from pages.widgets.inside.ablation import neuron_ablations, reset_ablation
from pages.widgets.inside.all_layers import show_every_neuron
from pages.widgets.networks.mnist_predictions import EXAMPLE
from pages.widgets.networks.selected_neuron import select_neuron

NETWORK = "notebook"
LAYER, NEURON = 1, 20  # without this one, the example is misread


def show_example(**broken: Any) -> None:
    """Show the example and all neurons of the simple network. broken: what is broken, by the keys of its controls."""
    look_into_network(NETWORK)
    show_every_neuron()
    reset_ablation(NETWORK, **broken)
    pin_image(EXAMPLE)


def switch_neuron_off() -> None:
    """Show the example without the one neuron."""
    show_example()
    select_neuron(LAYER, NEURON)
    neuron_ablations(NETWORK)[LAYER, NEURON] = NeuronAblation(is_off=True)


EXPERIMENTS = {
    "Half the weights gone": Experiment(
        partial(show_example, pruned=50),
        "It still reads this 5, and 96.80% of the test images instead of 97.45%: the half nearest to 0 does little. "
        "Under [Break it](#break-it), prune 80%: 82.28% are left. Then choose *Robust*: it still reads 97.72%.",
    ),
    "One neuron off": Experiment(
        switch_neuron_off,
        f"Neuron {NEURON} of hidden layer {LAYER + 1} is off: its frame is yellow, and the pink one around it shows "
        "that it is picked. The network reads this 5 as a 6, but still reads 97.36% of the test images right: what one "
        "neuron knows, others know, too. Under [Break it](#break-it), switch it on again, and others off.",
    ),
    "No biases": Experiment(
        partial(show_example, no_biases=True),
        "Every sum starts from 0 now. It still reads this 5, and 97.11% of the test images instead of 97.45%: most of "
        "what it knows is in its weights. Now add noise to them under [Break it](#break-it): how much can it take?",
    ),
}
