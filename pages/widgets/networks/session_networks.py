"""The networks that a visitor trained or uploaded: they stay in the session, and nobody else sees them."""

import math
from dataclasses import dataclass, field
from typing import NamedTuple

import streamlit as st

from model.network import ACTIVATIONS, Network
from model.number_format import as_percent
from model.training.job_queue import Job
from model.training.settings import OPTIMIZERS, Settings
from model.training.training_record import Record

# Beyond this, the oldest ones go: each takes some megabytes of the server's memory.
MAX_RUNS = 12
MAX_UPLOADS = 3


class SessionNetwork(NamedTuple):
    """A network of this session alone."""

    network: Network
    description: str


@dataclass
class Runs:
    """The trainings of a session: the finished ones by name, and the latest."""

    done: dict[str, Record] = field(default_factory=dict)
    count: int = 0
    name: str = ""
    job: Job | None = None

    def begin(self, job: Job, name: str | None = None) -> None:
        """Add a new training. name: of the run that it continues, if it does."""
        if name is None:
            self.count += 1
            name = f"Mine {self.count}"
        self.name, self.job = name, job

    def keep_latest(self) -> None:
        """Keep the latest training if it is done; the oldest one makes room for it."""
        if self.job and self.job.record.state == "done":
            self.done[self.name] = self.job.record
        for name in list(self.done)[:-MAX_RUNS]:
            del self.done[name]


def runs() -> Runs:
    """Return the session's trainings."""
    if "runs" not in st.session_state:
        st.session_state["runs"] = Runs()
    kept: Runs = st.session_state["runs"]
    kept.keep_latest()
    return kept


def uploads() -> dict[str, Network]:
    """Return the session's uploaded networks by their names for people."""
    kept: dict[str, Network] = st.session_state.setdefault("uploads", {})
    return kept


def session_networks() -> dict[str, SessionNetwork]:
    """Return the session's own networks by their names for people: trained ones first, then uploaded ones."""
    trained = {
        name: SessionNetwork(record.network, f"You trained it: {summary(record.settings)}. {accuracy(record)}.")
        for name, record in runs().done.items()
        if record.network
    }
    return trained | {name: SessionNetwork(network, "You uploaded it.") for name, network in uploads().items()}


def has_networks() -> bool:
    """Return whether this session has a network of its own, or one that is still being trained."""
    job = runs().job
    return bool(session_networks()) or (job is not None and job.record.is_active)


def add_upload(network: Network) -> str:
    """Add an uploaded network, for which the oldest one may have to go; return its name."""
    kept = uploads()
    count = st.session_state["upload_count"] = st.session_state.get("upload_count", 0) + 1
    name = f"Uploaded {count}"
    kept[name] = network
    for old in list(kept)[:-MAX_UPLOADS]:
        del kept[old]
    return name


def summary(settings: Settings) -> str:
    """Return a line about the settings."""
    hidden = "-".join(map(str, settings.hidden)) or "no hidden layer"
    parts = [
        f"{hidden} {ACTIVATIONS[settings.activation].label}" if settings.hidden else hidden,
        f"{OPTIMIZERS[settings.optimizer].label} {settings.learning_rate:g}",
        f"batch {settings.batch_size}",
        f"{settings.images:,} images",
    ]
    if settings.dropout:
        parts.append(f"dropout {settings.dropout:.0%}")
    if settings.deforms:
        parts.append(f"deformed {settings.rotation}°/{settings.shift} px/{settings.pen}%")
    return ", ".join(parts)


def accuracy(record: Record) -> str:
    """Return a sentence about how often the network is right."""
    if record.network is None or math.isnan(record.accuracy):
        return "Training diverged: the weights are NaN"
    return f"{as_percent(record.accuracy)} of the test images right"
