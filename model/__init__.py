"""The science of Inkling. Nothing here imports Streamlit, so all of it runs and is tested without a browser."""

from model.bundled_networks import load_network
from model.files.photographs import read_photograph
from model.preprocessing import preprocess

__all__ = ["load_network", "preprocess", "read_photograph"]
