"""How networks learned, epoch by epoch, and a place to train your own."""

import streamlit as st

from pages.widgets.app.navigation import ensure_navigation
from pages.widgets.digit.experiment_row import show_experiments
from pages.widgets.networks.session_networks import runs
from pages.widgets.networks.upload import show_upload
from pages.widgets.training.bundled_curves import show_bundled_curves
from pages.widgets.training.code_export import show_code
from pages.widgets.training.experiments import EXPERIMENTS
from pages.widgets.training.job_view import show_latest_training, show_train_button
from pages.widgets.training.run_table import show_runs
from pages.widgets.training.settings_form import BUNDLED_PART, choose_part, choose_settings

ensure_navigation()

st.title("Training curves")
st.markdown("See how networks learned, epoch by epoch, and train one of your own.")
show_experiments("training", EXPERIMENTS)
if choose_part() == BUNDLED_PART:
    st.query_params.clear()
    show_bundled_curves()
else:
    st.markdown(
        "The training runs on this server, with Keras, while you watch. Choose the settings, press *Train*, and draw "
        "a digit for your own network. The address of this page holds your settings: share it as a link."
    )
    settings = choose_settings()
    show_train_button(settings)
    show_latest_training(runs())
    show_code(settings)
    show_runs(runs())
    show_upload()
