// What the canvas package leaves open: a quick answer when the pen is lifted, buttons that do not get in the way, and a
// drawing that survives a reload of the page.

// The key of the one that is on the page.
let key = null;

// The canvas lives in a shadow root of its own.
const findCanvas = () => {
  const inside = (node) => node.querySelector(".dc-root")
    ?? [...node.querySelectorAll("*")].map((child) => child.shadowRoot && inside(child.shadowRoot)).find(Boolean);
  const place = document.querySelector(`.st-key-${key}`);
  return place && inside(place);
};

// The package's toolbar shows only while a mouse hovers, and takes clicks meant for what is above the canvas.
// It stays in place, unseen: its send button is pressed below. A canvas that is wider than a phone gets smaller instead of
// scrolling below the finger; its pixels stay as many.
const dress = (canvas) => {
  if (canvas.querySelector("style")) return;
  const { width, height } = canvas.querySelector("canvas.dc-canvas.lower-canvas");
  const style = document.createElement("style");
  style.textContent = `.dc-toolbar { display: none !important; }
    :is(.dc-container, .canvas-container) { max-width: 100%; height: auto !important; aspect-ratio: ${width} / ${height}; }
    .dc-container canvas { max-width: 100%; height: auto !important; }`;
  canvas.append(style);
  const ariaLabel = "A canvas to draw on with mouse, finger or pen";
  Object.assign(canvas.querySelector(".upper-canvas"), { role: "img", ariaLabel });
};

// The package sends nothing by itself (update_streamlit is off): its send button is pressed here.
let drawnOn = null;
const penDown = (event) => {
  const canvas = findCanvas();
  drawnOn = canvas && event.composedPath().includes(canvas) ? canvas : null;
  if (drawnOn) clearTimeout(resting);
};
const penUp = () => {
  const canvas = drawnOn;
  drawnOn = null;
  if (canvas) changed(canvas);
};
// An undo in the middle of a stroke would redraw the canvas under the pen; in a field for text it is the field's own.
const keyDown = (event) => {
  if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.altKey || drawnOn) return;
  const target = event.composedPath()[0];
  if (target.isContentEditable || target.matches?.("textarea, select, input:not([type=checkbox], [type=radio], [type=range])")) return;
  event.preventDefault();
  press(event.shiftKey ? "Redo" : "Undo");
};
const send = (canvas) => canvas.querySelector(".dc-toolbar button")?.click();

// When to send. Where the server is slow and the browser answers by itself, live.js names a rest, in milliseconds: the
// drawing goes when the pen has rested for so long, or as soon as its owner turns to anything else. live.js is told what
// has changed, and when it was sent.
let [unsent, resting] = [null, 0];
const changed = (canvas) => {
  unsent = canvas;
  clearTimeout(resting);
  resting = setTimeout(sendUnsent, document.body.dataset.rest ?? 0);  // at once: after the package is through with it
  setTimeout(() => document.dispatchEvent(new CustomEvent("inkling-changed", { detail: canvas })));
};
const sendUnsent = () => {
  clearTimeout(resting);
  const canvas = unsent;
  unsent = null;
  if (!canvas?.isConnected) return;
  send(canvas);
  document.dispatchEvent(new Event("inkling-sent"));
};
const turnAway = (event) => { if (unsent && !drawnOn && !event.composedPath().includes(unsent)) sendUnsent(); };

// The tab's own memory. A browser that forbids it only loses the drawing at a reload.
const keep = (drawing) => { try { sessionStorage.setItem(`inkling-${key}`, drawing); } catch { /* as said */ } };
const kept = () => { try { return sessionStorage.getItem(`inkling-${key}`); } catch { return null; } };

let pictureWanted = false;

// What is sent by this page when another one has been asked for already would leave that one empty: Streamlit takes it for
// news of a page that is back.
const leave = (event) => {
  if (event.type === "click" && !event.target.closest?.("a[href]")) return;
  document.body.dataset.leaving = "";
  setTimeout(() => delete document.body.dataset.leaving, 1000);
};

// Each canvas that appears sends what it shows, as soon as it has loaded it. The first drawing that is sent takes half as
// long again as the next, while browser and server load what they need for it; and when reruns follow each other closely,
// Streamlit may mount the canvas anew, without the strokes since its last seed: the server then puts them back.
let greeted = null;
const corner = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
const loaded = (canvas) => {
  corner.clearRect(0, 0, 1, 1);
  corner.drawImage(canvas.querySelector("canvas.dc-canvas.lower-canvas"), 0, 0, 1, 1, 0, 0, 1, 1);
  return corner.getImageData(0, 0, 1, 1).data[3] === 255;  // its background is there, and comes with the strokes
};

// Undo, Redo and Clear: the server has the drawings.
let buttons = [];
let pressed = null;
const press = (name) => { if (!buttons.find((button) => button.name === name).disabled) pressed(name); };

const start = (place) => {
  const listening = new AbortController();
  const options = { capture: true, signal: listening.signal };
  for (const name of ["pointerdown", "keydown", "click", "visibilitychange"]) {
    window.addEventListener(name, turnAway, options);  // before all that these do
  }
  for (const name of ["mousedown", "touchstart"]) document.addEventListener(name, penDown, options);
  for (const name of ["mouseup", "touchend", "touchcancel"]) document.addEventListener(name, penUp, options);
  window.addEventListener("keydown", keyDown, options);
  document.addEventListener("click", leave, options);
  window.addEventListener("popstate", leave, options);
  const timer = setInterval(() => {
    const canvas = findCanvas();
    if (!canvas || "leaving" in document.body.dataset) return;
    dress(canvas);
    if ((pictureWanted || canvas !== greeted) && loaded(canvas)) {
      greeted = canvas;
      document.body.dataset.drawable = "";  // for live.js
      send(canvas);
    }
  }, 100);
  return () => {
    listening.abort();
    clearInterval(timer);
    delete place.stop;
  };
};

export default ({ data: content, parentElement, setTriggerValue }) => {
  const data = JSON.parse(new TextDecoder().decode(content));
  key = data.canvas;
  if (data.drawing) keep(JSON.stringify(data.drawing));
  else if (kept()) setTriggerValue("kept", kept());

  // A canvas that starts with a drawing does not send its picture by itself.
  pictureWanted = data.pictureWanted;

  pressed = (name) => setTriggerValue("pressed", name);
  buttons = [...parentElement.querySelectorAll("button")];
  for (const button of buttons) {
    button.disabled = data.disabled.includes(button.name);
    button.onclick = () => press(button.name);
  }

  if (!parentElement.stop) parentElement.stop = start(parentElement);
  return parentElement.stop;
};
