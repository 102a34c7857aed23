"""Settings: what they mean, and how a link carries them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.training.live_training import build_model
from model.training.settings import CHOICES, NOTEBOOK, QUICK, Settings, from_address, to_address

any_settings = st.builds(
    Settings,
    hidden=st.lists(st.integers(1, 512), max_size=5).map(tuple),
    **{name: st.sampled_from(choices) for name, choices in CHOICES.items()},
)


@given(any_settings)
def test_link_restores_settings(settings: Settings) -> None:
    assert from_address(to_address(settings)) == (settings, [])


@given(st.dictionaries(st.sampled_from([*CHOICES, "hidden", "other"]), st.text(max_size=20)))
def test_nonsense_in_link_leaves_default_and_is_named(address: dict[str, str]) -> None:
    settings, refused = from_address(address)
    for name in refused:
        assert name in address
        assert getattr(settings, name) == getattr(QUICK, name)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("hidden", "64-64-64-64-64-64"),
        ("hidden", "0"),
        ("hidden", "513"),
        ("hidden", ""),
        ("hidden", "64,64"),
        ("hidden", "9" * 10_000),
        ("activation", "softmax"),
        ("optimizer", "<script>"),
        ("learning_rate", "-1"),
        ("learning_rate", "nan"),
        ("batch_size", "33"),
        ("epochs", "51"),
        ("epochs", "0"),
        ("images", "70000"),
        ("dropout", "1.0"),
        ("seed", "-1"),
    ],
)
def test_impossible_value_in_link_is_refused(name: str, text: str) -> None:
    settings, refused = from_address({name: text, "epochs" if name != "epochs" else "seed": "7"})
    assert refused == [name]
    assert getattr(settings, name) == getattr(QUICK, name)
    assert (settings.epochs if name != "epochs" else settings.seed) == 7  # the rest of the link counts


def test_impossible_settings_raise() -> None:
    with pytest.raises(ValueError, match="epochs"):
        replace(QUICK, epochs=1000)
    with pytest.raises(ValueError, match="hidden"):
        replace(QUICK, hidden=(64, 1000))


@pytest.mark.parametrize("hidden", [(), (64, 64), (1,), (30, 20, 10)])
def test_parameter_count_matches_keras(hidden: tuple[int, ...]) -> None:
    settings = replace(QUICK, hidden=hidden, dropout=0.5)
    assert settings.parameters == build_model(settings).count_params()


def test_notebook_holds_nothing_out_and_other_settings_one_in_ten() -> None:
    assert NOTEBOOK.validates_on_test_images
    assert (NOTEBOOK.training_images, NOTEBOOK.steps_per_epoch) == (60_000, 1875)
    other = replace(NOTEBOOK, epochs=19)
    assert not other.validates_on_test_images
    assert (other.training_images, other.steps_per_epoch) == (54_000, 1688)
    assert replace(QUICK, images=600).training_images == 540


def test_seed_decides_first_weights() -> None:
    first, again, other = (build_model(replace(QUICK, seed=seed)).get_weights()[0] for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()
