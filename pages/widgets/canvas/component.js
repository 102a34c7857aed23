// What the canvas package lacks: strokes that end wherever the pen is let go, a quick answer when it is lifted, Undo, Redo
// and Clear that do not wait for the server, and a drawing that survives a reload of the page. mounts.js stands before this.

let state = {};  // what the server said last, see show_buttons in component.py
let sendEvent = null;  // Streamlit's way to the server

// The canvas lives in a shadow root of its own.
const findCanvas = () => {
  const inside = (node) => node.querySelector(".dc-root")
    ?? [...node.querySelectorAll("*")].map((child) => child.shadowRoot && inside(child.shadowRoot)).find(Boolean);
  const place = document.querySelector(`.st-key-${state.canvas}`);
  return place && inside(place);
};
const LOWER = "canvas.dc-canvas.lower-canvas";
const upperCanvas = (canvas) => canvas.querySelector(".upper-canvas");

// The accessible names of the package's own buttons are fixed.
const SEND = "Update the app with this drawing";
const packageButton = (canvas, name) => canvas?.querySelector(`.dc-toolbar [aria-label="${name}"]`);
const isEnabled = (canvas, name) => packageButton(canvas, name)?.disabled === false;

// The package's toolbar appears while a mouse hovers, and takes clicks meant for what is above the canvas, so it is hidden.
// A canvas that is wider than a phone shrinks instead of scrolling under the finger; it keeps all of its pixels. One finger
// draws, two scroll and zoom the page.
const restyle = (canvas) => {
  if (canvas.querySelector("style")) return;
  const { width, height } = canvas.querySelector(LOWER);
  const style = document.createElement("style");
  style.textContent = `.dc-toolbar { display: none !important; }
    :is(.dc-container, .canvas-container) { max-width: 100%; height: auto !important; aspect-ratio: ${width} / ${height}; }
    .dc-container canvas { max-width: 100%; height: auto !important; touch-action: pinch-zoom !important; }
    .upper-canvas { cursor: crosshair !important; -webkit-touch-callout: none; }`;
  canvas.append(style);
  const ariaLabel = "A canvas to draw on with mouse, finger or pen";
  Object.assign(upperCanvas(canvas), { role: "img", ariaLabel });
  new MutationObserver(showButtons).observe(canvas, { subtree: true, attributeFilter: ["disabled"] });
  showButtons();
};

// The package sends nothing by itself (update_streamlit is off): this presses its send button.
const send = (canvas) => {
  packageButton(canvas, SEND)?.click();
  markSending();
};
const tellServer = (event, value) => {
  sendEvent(event, value);
  markSending();
};

// Streamlit puts everything that changes in the same moment into one message. If the canvas is part of it, the server runs
// only the canvas' fragment, and a switch that was pressed in that moment does nothing. So a click elsewhere waits until the
// drawing has been sent.
let isSending = false;
const markSending = () => {
  isSending = true;
  setTimeout(() => { isSending = false; });
};
const isElsewhere = (event) => !event.composedPath().some((node) => node === findCanvas() || buttons.includes(node));
const postpone = (event, until) => {
  event.preventDefault();
  event.stopImmediatePropagation();
  const [target] = event.composedPath();
  until(() => target.dispatchEvent(new MouseEvent("click", event)));
};

// Streamlit drops a drawing that the server has not begun to read when the visitor goes to another page. So a click on a link
// waits until the server has answered; not for long, because the server may be away.
const MAX_WAIT = 3000;  // milliseconds
let readAt = 0;  // until when to wait for the server's answer
const isPage = (event) => event.composedPath().some((node) => node.matches?.("a[href]"));
const isUnread = () => Date.now() < readAt;
const untilRead = (then) => setTimeout(() => isUnread() ? untilRead(then) : then(), 20);

// When to send. Where the server is slow and the browser answers by itself, live_preview.js sets a rest, in milliseconds: the
// drawing is sent when the pen has rested for that long, or as soon as the visitor turns to something else. A cleared canvas
// waits longer, because the next drawing will most likely replace it. Events tell live_preview.js what has changed, and when
// it was sent.
let [unsent, resting] = [null, 0];
const [ONE_REST, AFTER_CLEAR] = [1, 4];  // rests
const drawingChanged = (canvas, rests = ONE_REST) => {
  lastShown = { canvas, mark: seedMark };  // what was drawn on this seed
  unsent = canvas;
  clearTimeout(resting);
  resting = setTimeout(sendUnsent, rests * (document.body.dataset.rest ?? 0));  // 0: after the package has handled it
  setTimeout(() => document.dispatchEvent(new CustomEvent("inkling-changed", { detail: canvas })));
};
const sendUnsent = () => {
  clearTimeout(resting);
  const canvas = unsent;
  unsent = null;
  if (!canvas?.isConnected) return;
  send(canvas);
  readAt = Date.now() + MAX_WAIT;
  document.dispatchEvent(new Event("inkling-sent"));
};
const sendBeforeElsewhere = (event) => {
  if (pen || !isElsewhere(event)) return;
  if (unsent) sendUnsent();
  if (event.type !== "click") return;
  if (isUnread() && isPage(event)) postpone(event, untilRead);
  else if (isSending) postpone(event, setTimeout);
};

// The pen. The package listens to mouse and touch events, and some that it relies on never come: no mouseup over a disabled
// button, no touchend where the system takes the touch away. So the package gets mouse events made from pointer events
// instead: the canvas captures the pointer until it is let go, wherever that is.
let pen = null;  // the pointer that draws
let lines = [];  // what it draws, and what it drew while another seed was on its way: places on the canvas, 0 to 1
const MAX_SCROLL_START = 0.15;  // of the canvas' side: how far the first of two scrolling fingers moves before the second

const dispatch = (canvas, type, { x, y, shiftKey }) => {
  const { left, top, width, height } = upperCanvas(canvas).getBoundingClientRect();
  const [clientX, clientY] = [left + x * width, top + y * height];
  const init = { clientX, clientY, shiftKey, isPrimary: true, bubbles: true, composed: true };
  upperCanvas(canvas).dispatchEvent(new PointerEvent(type, init));
};
const movePen = (type, event) => {
  const { left, top, width, height } = upperCanvas(pen.canvas).getBoundingClientRect();
  const { clientX, clientY, shiftKey } = event;
  const place = { x: (clientX - left) / width, y: (clientY - top) / height, shiftKey };
  lines.at(-1).push(place);
  dispatch(pen.canvas, type, place);
};
const penDown = (event) => {
  const canvas = findCanvas();
  if (!canvas || event.composedPath()[0] !== upperCanvas(canvas)) return;
  if (pen) secondFinger(event);
  else if (event.isPrimary && event.button === 0) {
    if (isLoaded(canvas)) sendShown(canvas);
    upperCanvas(canvas).setPointerCapture(event.pointerId);
    pen = { canvas, id: event.pointerId };
    clearTimeout(resting);
    clearedSteps = 0;
    lines.push([]);
    movePen("mousedown", event);
  }
};
const penMove = (event) => {
  if (event.pointerId !== pen?.id) return;
  if (!(event.buttons & 1)) return penUp(event);  // no pointerup comes while another button is down
  if (pen.canvas.isConnected) upperCanvas(pen.canvas).setPointerCapture(pen.id);  // another button's release ends it
  movePen("mousemove", event);
};
const penUp = (event) => {
  if (event.pointerId !== pen?.id) return;
  const { canvas } = pen;
  pen = null;
  if (awaited || !canvas.isConnected) return;
  dispatch(canvas, "mouseup", lines.pop().at(-1));
  drawingChanged(canvas);
};
const secondFinger = (event) => {
  if (event.pointerType !== "touch") return;
  const { canvas, id } = pen;
  const line = lines.at(-1);
  penUp({ pointerId: id });
  if (line.some(({ x, y }) => Math.hypot(x - line[0].x, y - line[0].y) > MAX_SCROLL_START)) return;
  if (lines.at(-1) === line) lines.pop();
  else setTimeout(() => {
    packageButton(canvas, "Undo")?.click();
    drawingChanged(canvas);
  });
};
const keepFromPackage = (event) => {
  if (event.isTrusted && event.composedPath()[0].classList?.contains("upper-canvas")) event.stopPropagation();
};
const preventMenu = (event) => pen && event.preventDefault();

// Undo, Redo and Clear. The package remembers what was drawn since its seed, the drawing that the server gave it; the server
// remembers what came before. When the browser asks the server for another seed, it draws again what was drawn meanwhile.
const MAX_PACKAGE_STEPS = 90;  // strokes; the package can undo 100
let buttons = [];
let clearedSteps = 0;  // how many steps Clear went back, if it was pressed last
let awaited = null;  // what the server was asked for, and when
let seedMark = null;  // identifies the seed

const askServer = (name) => {
  sendUnsent();
  awaited = { name, at: Date.now() };
  tellServer("wanted", [name, seedMark]);
};
const canPress = (canvas, name) => ({
  Undo: clearedSteps || isEnabled(canvas, "Undo") || state.past,
  Redo: !clearedSteps && (isEnabled(canvas, "Redo") || (state.future && !isEnabled(canvas, "Undo"))),
  Clear: true,
})[name];
const pressPackageButton = (canvas, name, rests = ONE_REST) => {
  packageButton(canvas, name)?.click();
  drawingChanged(canvas, rests);
};
// The package mixes up drawings that it loads in the same moment, so the last of several steps waits until the others are
// done.
const clear = (canvas) => {
  sendUnsent();  // the server must know what Undo can bring back
  if (state.startsEmpty && !(state.drawing?.length > MAX_PACKAGE_STEPS)) {
    let steps = 0;
    for (; isEnabled(canvas, "Undo"); steps++) packageButton(canvas, "Undo").click();
    if (!steps) return;
    packageButton(canvas, "Redo").click();
    setTimeout(() => pressPackageButton(canvas, "Undo", AFTER_CLEAR));
    clearedSteps = steps;
  } else {
    const { width, height } = canvas.querySelector(LOWER);
    const context = canvas.querySelector(LOWER).getContext("2d");
    Object.assign(context, { fillStyle: "#000" }).fillRect(0, 0, width, height);
    send(canvas);
    askServer("Clear");
  }
};
const press = (name) => {
  const canvas = findCanvas();
  if (!canvas || pen || awaited || !canPress(canvas, name)) return;
  if (name === "Clear") clear(canvas);
  else if (clearedSteps) {
    for (; clearedSteps > 1; clearedSteps--) packageButton(canvas, "Redo").click();
    clearedSteps = 0;
    setTimeout(() => pressPackageButton(canvas, "Redo"));
  }
  else if (isEnabled(canvas, name)) pressPackageButton(canvas, name);
  else askServer(name);
  showButtons();
};
const showButtons = () => {
  const canvas = findCanvas();
  for (const button of buttons) {
    button.disabled = !canPress(canvas, button.name);
    button.ariaDisabled = Boolean(awaited);  // a disabled button would lose the focus
  }
};
// Once the package has loaded its seed, at most some frames after the server's answer, it wipes what is under the pen.
const isInked = (canvas, { x, y }) => {
  const [left, top] = [x * upperCanvas(canvas).width, y * upperCanvas(canvas).height].map(Math.floor);
  return opacityAt(upperCanvas(canvas), left, top) > 0;
};
const takeSeed = async (frames = 30) => {
  const canvas = findCanvas();
  if (canvas && (lines.length ? frames > 0 && isInked(canvas, lines[0][0]) : frames > 28)) {
    requestAnimationFrame(() => takeSeed(frames - 1));
    return;
  }
  awaited = null;
  showButtons();
  if (!canvas || !lines.length) return;
  for (const line of lines) {
    line.forEach((place, i) => dispatch(canvas, i ? "mousemove" : "mousedown", place));
    if (!pen || line !== lines.at(-1)) dispatch(canvas, "mouseup", line.at(-1));
    await null;  // the package adds a stroke to its history a moment later; each has to be a step of its own
  }
  lines = pen ? lines.slice(-1) : [];
  if (pen) pen.canvas = canvas;
  else drawingChanged(canvas);
};
// In a text field, Ctrl+Z belongs to the field.
const keyDown = (event) => {
  if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.altKey || pen || !findCanvas()) return;
  const target = event.composedPath()[0];
  if (target.isContentEditable || target.matches?.("textarea, select, input:not([type=checkbox], [type=radio], [type=range])")) return;
  event.preventDefault();
  press(event.shiftKey ? "Redo" : "Undo");
};

// The tab's own storage. A browser that forbids it loses the drawing at a reload.
const saveDrawing = (drawing) => { try { sessionStorage.setItem(`inkling-${state.canvas}`, drawing); } catch { /* as said */ } };
const savedDrawing = () => { try { return sessionStorage.getItem(`inkling-${state.canvas}`); } catch { return null; } };

// When this page sends something after the visitor has asked for another page, Streamlit shows the other page empty. So
// nothing is sent then.
const markLeaving = (event) => {
  if (!findCanvas() || (event.type === "click" && !event.target.closest?.("a[href]"))) return;
  document.body.dataset.leaving = "";
  setTimeout(() => delete document.body.dataset.leaving, 1000);
};

// Each canvas that appears sends what it shows as soon as it is loaded: the first drawing sent takes half as long again as
// the next, while browser and server load what they need. When reruns follow each other closely, Streamlit may mount the
// canvas again without the strokes since its seed: then the server sends the drawing again. And a canvas that starts with
// a drawing does not send its picture by itself.
let lastShown = {};
const onePixel = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
const opacityAt = (layer, left, top) => {  // how opaque it is, 0 to 255
  onePixel.clearRect(0, 0, 1, 1);
  onePixel.drawImage(layer, left, top, 1, 1, 0, 0, 1, 1);
  return onePixel.getImageData(0, 0, 1, 1).data[3];
};
const isLoaded = (canvas) => opacityAt(canvas.querySelector(LOWER), 0, 0) === 255;  // its background comes with the strokes
const sendShown = (canvas) => {
  const isLost = canvas !== lastShown.canvas && seedMark === lastShown.mark;
  if (!isLost && !state.pictureWanted && canvas === lastShown.canvas) return;
  lastShown = { canvas, mark: seedMark };
  document.body.dataset.drawable = "";  // for live_preview.js
  isLost ? askServer("Show") : send(canvas);
};

// These listen for as long as the tab is open: Streamlit may mount the component again while a pen is down, and a pen that is
// lifted while nobody listens would draw for ever.
const on = (react, ...names) => names.forEach((name) => document.addEventListener(name, react, { capture: true }));
for (const name of ["pointerdown", "keydown", "click", "visibilitychange"]) {
  window.addEventListener(name, sendBeforeElsewhere, { capture: true });  // before anything else reacts
}
on(penDown, "pointerdown");
on(penMove, "pointermove");
on(penUp, "pointerup", "pointercancel");
on(keepFromPackage, "mousedown", "mousemove", "mouseup", "touchstart", "touchmove", "touchend", "touchcancel");
on(preventMenu, "contextmenu");
on(keyDown, "keydown");
on(markLeaving, "click");
window.addEventListener("popstate", markLeaving, { capture: true });
setInterval(() => {
  const canvas = findCanvas();
  if (!canvas || "leaving" in document.body.dataset) return;
  restyle(canvas);
  if (awaited && Date.now() - awaited.at > 3000) askServer(awaited.name);  // the connection was cut
  if (isLoaded(canvas)) sendShown(canvas);
}, 100);

const takeMount = ({ data, parentElement, setTriggerValue }) => {
  readAt = 0;
  state = decode(data);
  sendEvent = setTriggerValue;
  buttons = [...parentElement.querySelectorAll("button")];
  for (const button of buttons) button.onclick = () => press(button.name);
  if (state.mark !== seedMark) {
    seedMark = state.mark;
    clearedSteps = 0;
    awaited = { at: Infinity };
    takeSeed();
  }
  showButtons();
};

export default (component) => {
  if (!component.parentElement.isConnected) return;
  const unmount = mount(component, takeMount);
  if (state.drawing) saveDrawing(JSON.stringify(state.drawing));
  else if (savedDrawing()) tellServer("kept", savedDrawing());
  return unmount;
};
