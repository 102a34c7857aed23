// Where Streamlit has mounted a component; component.js and live_preview.js begin with this.
//
// Streamlit may mount a component that is about to leave once more, mounts it even if it left while the script was loading,
// and ends an outdated mount after the next one has begun. So what counts is the latest mount that is still on the page.
const mounts = new Map();  // by their places on the page
const decode = (bytes) => JSON.parse(new TextDecoder().decode(bytes));
const mount = (component, take, leave = () => {}) => {
  const { parentElement: place } = component;
  const call = { ...component };
  mounts.delete(place);
  mounts.set(place, call);
  take(call);
  return () => {
    if (mounts.get(place) !== call) return;
    mounts.delete(place);
    if (mounts.size) take([...mounts.values()].at(-1));
    else leave();
  };
};
