"""The science of Inkling: no Streamlit in here, everything runs and is tested without a browser."""

from model.mnist_format import preprocess
from model.network import load_network

__all__ = ["load_network", "preprocess"]
