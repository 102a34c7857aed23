"""The gallery on the page: label a drawing, look at the labelled ones, download them and bring them back."""

import logging
from datetime import UTC, datetime
from functools import partial

import pandas as pd
import streamlit as st
from PIL import Image

from model.files.gallery_file import GalleryError, GalleryItem, pack, read_gallery
from model.files.limits import MAX_GALLERY_BYTES, MAX_GALLERY_ITEMS
from model.mnist import as_vectors
from model.network import Network
from model.number_format import counted, with_article
from pages.widgets.app.projector import in_pixels
from pages.widgets.canvas.component import drawing_history, receive_late_stroke
from pages.widgets.digit.canvas_settings import end_whole_number
from pages.widgets.gallery.store import add_item, gallery_index, gallery_items, merge_gallery
from pages.widgets.ui.images import data_url
from pages.widgets.ui.uploader import take_file, uploader_key
from pages.widgets.ui.widget_sync import sync_widget

log = logging.getLogger(__name__)

MAX_SHOWN = 20  # drawings at a time
MIN_FOR_CONFUSION = 10  # drawings, before the table of mistakes says anything
ON_CANVAS = "It is on the canvas, above."
GALLERY_FULL = (
    f"Your gallery is full ({MAX_GALLERY_ITEMS} drawings, or fewer long ones): download it, then delete some."
)


def ask_label(networks: dict[str, Network | None]) -> None:
    """Ask “What was it really?”: one tap keeps the drawing with the chosen network's answer, another tap corrects it.

    The buttons stand outside of what a stroke changes, because all ten would cost each answer 17 ms; the style sheet
    shows them while there is an answer. networks: by their names for people, the chosen one first.
    """
    st.segmented_control(
        "What was it really? One tap keeps it in your gallery.",
        range(10),
        key="truth",
        on_change=label_drawing,
        args=next(iter(networks.items())),
    )


def label_drawing(name: str, network: Network | None) -> None:
    """Keep the drawing under the label that the visitor chose."""
    truth: int | None = st.session_state["truth"]
    st.session_state["truth"] = None
    receive_late_stroke()
    if truth is not None and network and drawing_history().pixels is not None:
        is_kept = keep_drawing(name, network, truth)
        st.toast(f"It is in your gallery, below, as {with_article(truth)}." if is_kept else GALLERY_FULL)


def keep_drawing(name: str, network: Network, truth: int) -> bool:
    """Put what is on the canvas into the gallery. Return whether there was anything, and room for it."""
    history = drawing_history()
    if history.pixels is None:
        return False
    probabilities = network.predict(as_vectors(history.pixels)[0])
    time = datetime.now(UTC).isoformat(timespec="seconds")
    return add_item(GalleryItem(history.drawing.strokes, history.pixels, name, probabilities, truth, time))


def show_gallery() -> None:
    """Show the drawings kept, how many were read right, and the download."""
    if not gallery_items():
        return
    st.subheader("Your gallery")
    right = sum(item.read == item.truth for item in gallery_items())
    st.markdown(
        f"**{right} of {len(gallery_items())} read right.** Below each drawing you see what it was, and what the "
        "network read if it was wrong. Click a drawing to put it back on the canvas. Download your gallery before "
        "you close or reload this page, or it is gone."
    )
    show_gallery_thumbnails()
    show_gallery_buttons()
    if len(gallery_items()) >= MIN_FOR_CONFUSION:
        show_confusion_table()


def show_gallery_thumbnails() -> None:
    """Show the drawings, the newest first, a page at a time."""
    places = range(len(gallery_items()))[::-1]
    sheets = -(-len(places) // MAX_SHOWN)
    sheet = 1
    if sheets > 1:
        sheet = sync_widget("gallery_sheet", min(st.session_state.get("gallery_sheet", 1), sheets))
        st.number_input(f"Page, 1 to {sheets}", 1, sheets, sheet, key="gallery_sheet", width=in_pixels(120))
    with st.container(horizontal=True, gap="xxsmall", key="gallery_thumbnails"):
        for place in places[(sheet - 1) * MAX_SHOWN : sheet * MAX_SHOWN]:
            item = gallery_items()[place]
            picture = f"![Your {item.truth}]({data_url(Image.fromarray(item.picture))})"
            verdict = f"✓ {item.truth}"
            if item.read != item.truth:
                verdict = f":red-background[✗ {item.truth}, read as {item.read}]"
            st.button(f"{picture} {verdict}", key=f"picture_gallery_{place}", on_click=put_back_on_canvas, args=(item,))


def put_back_on_canvas(item: GalleryItem) -> None:
    """Put a drawing back on the canvas; undo brings back what was there."""
    end_whole_number()
    drawing_history().replace(item.strokes)
    st.toast(ON_CANVAS)


def show_gallery_buttons() -> None:
    """Show the buttons that download the gallery and delete one drawing or all."""
    with st.container(horizontal=True):
        st.download_button(
            "Download",
            partial(pack, gallery_items()),  # runs outside of the session
            "inkling-drawings.zip",
            "application/zip",
            on_click="ignore",
            key="download_gallery",
        )
        st.button("Delete the one on the canvas", key="delete_one", on_click=delete_canvas_drawing)
        with st.popover("Delete all"):
            st.markdown(f"{counted(len(gallery_items()), 'drawing')} will be gone.")
            st.button("Delete them", key="delete_all", on_click=gallery_items().clear)


def delete_canvas_drawing() -> None:
    """Take the drawing that is on the canvas out of the gallery."""
    place = gallery_index(drawing_history().drawing.strokes)
    if place is None:
        st.toast("The drawing on the canvas is not in your gallery: click one of the pictures first.")
    else:
        del gallery_items()[place]


def show_confusion_table() -> None:
    """Show how often each digit was read as which."""
    truths = pd.Series([item.truth for item in gallery_items()], name="drawn")
    table = pd.crosstab(truths, [f"read as {item.read}" for item in gallery_items()])
    st.markdown("Which digits were drawn, and how often each was read as which:")
    st.table(table.astype(str).where(table > 0, ""), width="content")


def show_gallery_upload() -> None:
    """Show an expander in which a downloaded gallery can be brought back."""
    expander = st.expander("Bring your gallery back", on_change="rerun", key="gallery_opened")
    if not expander.open:
        return
    with expander:
        st.markdown("Choose the zip file that “Download” below your gallery saved, on this machine or another.")
        file = st.file_uploader(
            "Gallery",
            max_upload_size=MAX_GALLERY_BYTES // 2**20,
            key=uploader_key("gallery"),
            label_visibility="collapsed",
        )
        take_file(file, "gallery", restore_gallery, "gallery_answer")
        if answer := st.session_state.get("gallery_answer"):
            added, sentence = answer
            (st.success if added else st.error if added is None else st.info)(sentence)


def restore_gallery(data: bytes) -> tuple[int | None, str]:
    """Add a gallery's file. Return how many drawings it added, None if it cannot be read, and a sentence about it."""
    try:
        brought = read_gallery(data)
    except GalleryError as error:
        log.warning("A visitor brought a file that is not a gallery.", exc_info=True)
        return None, str(error)
    added, there = merge_gallery(gallery_items(), brought)
    sentence = f"{added} of its {counted(len(brought), 'drawing')} {'was' if added == 1 else 'were'} added"
    if there:
        sentence += f"; in your gallery already: {there}"
    if left := len(brought) - there - added:
        sentence += f"; no room, so delete some first: {left}"
    return added, f"{sentence}."
