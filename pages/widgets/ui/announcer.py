"""What a screen reader hears where no widget changes that has the focus."""

import streamlit as st

browser_part = st.components.v2.component(
    "inkling_said",
    html='<p aria-live="polite"></p>',
    js="""export default ({ data, parentElement }) => {
        const region = parentElement.querySelector("p");
        if (region.textContent !== data) region.textContent = data;
    };""",
    isolate_styles=False,
)


def announce(sentence: str, key: str) -> None:
    """Have screen readers say it when it is another one than before; for ears only."""
    with st.container(key=f"said_{key}"):
        browser_part(data=sentence, key=key)
