"""What a visitor is told when a new session has begun."""

import pytest

from pages.widgets.app.session_notice import notice_text


@pytest.mark.parametrize(
    ("is_reload", "gallery", "networks", "drawing", "sentence"),
    [
        (True, False, False, True, ""),
        (False, False, False, False, ""),
        (False, False, False, True, "The connection to the server was lost and is back, and so is your drawing."),
        (
            False,
            True,
            True,
            True,
            "The connection to the server was lost, so this is a new session without your gallery and your networks, "
            "but with your drawing.",
        ),
        (True, False, True, False, "The page was loaded again, so this is a new session without your networks."),
    ],
)
def test_notice_says_what_is_gone_and_why(
    is_reload: bool, gallery: bool, networks: bool, drawing: bool, sentence: str
) -> None:
    assert notice_text(is_reload, {"gallery": gallery, "networks": networks}, drawing) == sentence
