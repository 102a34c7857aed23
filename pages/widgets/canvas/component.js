// What the canvas package leaves open: strokes that end wherever the pen is let go, a quick answer when it is lifted, Undo,
// Redo and Clear that do not wait for the server, and a drawing that survives a reload of the page.

// What the server has said last, and the way to tell it something.
let page = {};
let tell = null;

// The canvas lives in a shadow root of its own.
const findCanvas = () => {
  const inside = (node) => node.querySelector(".dc-root")
    ?? [...node.querySelectorAll("*")].map((child) => child.shadowRoot && inside(child.shadowRoot)).find(Boolean);
  const place = document.querySelector(`.st-key-${page.canvas}`);
  return place && inside(place);
};
const LOWER = "canvas.dc-canvas.lower-canvas";
const upper = (canvas) => canvas.querySelector(".upper-canvas");

// The package's own buttons have fixed names.
const SEND = "Update the app with this drawing";
const own = (canvas, name) => canvas?.querySelector(`.dc-toolbar [aria-label="${name}"]`);
const isOn = (canvas, name) => own(canvas, name)?.disabled === false;

// Their toolbar shows only while a mouse hovers, and takes clicks meant for what is above the canvas: it stays in place,
// unseen. A canvas that is wider than a phone gets smaller instead of scrolling below the finger; its pixels stay as many.
// One finger draws, two scroll and zoom the page.
const dress = (canvas) => {
  if (canvas.querySelector("style")) return;
  const { width, height } = canvas.querySelector(LOWER);
  const style = document.createElement("style");
  style.textContent = `.dc-toolbar { display: none !important; }
    :is(.dc-container, .canvas-container) { max-width: 100%; height: auto !important; aspect-ratio: ${width} / ${height}; }
    .dc-container canvas { max-width: 100%; height: auto !important; touch-action: pinch-zoom !important; }
    .upper-canvas { cursor: crosshair !important; -webkit-touch-callout: none; }`;
  canvas.append(style);
  const ariaLabel = "A canvas to draw on with mouse, finger or pen";
  Object.assign(upper(canvas), { role: "img", ariaLabel });
  new MutationObserver(showButtons).observe(canvas, { subtree: true, attributeFilter: ["disabled"] });
  showButtons();
};

// The package sends nothing by itself (update_streamlit is off): its send button is pressed here.
const send = (canvas) => {
  own(canvas, SEND)?.click();
  markSending();
};
const say = (event, value) => {
  tell(event, value);
  markSending();
};

// Streamlit puts all that is said in the same moment into one message. If the canvas is part of it, the server runs the
// canvas' fragment alone, and a switch pressed in that moment does nothing. So a click elsewhere waits until the drawing
// has been sent.
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

// When the server gets the wish for another page before it has begun to read a drawing, Streamlit drops the drawing. So a
// click that leads there waits for the server's word on it; not for long, for the server may be away.
const LONG = 3000;  // milliseconds
let readAt = 0;  // when the server will have read what was sent, or is given up
const isPage = (event) => event.composedPath().some((node) => node.matches?.("a[href]"));
const isUnread = () => Date.now() < readAt;
const untilRead = (act) => setTimeout(() => isUnread() ? untilRead(act) : act(), 20);

// When to send. Where the server is slow and the browser answers by itself, live_preview.js names a rest, in milliseconds: the
// drawing goes when the pen has rested for so long, or as soon as its owner turns to anything else. A canvas that was
// cleared can wait for longer: most likely, the next drawing overtakes it. live_preview.js is told what has changed, and when it
// was sent.
let [unsent, resting] = [null, 0];
const [ONE_REST, AFTER_CLEAR] = [1, 4];  // rests
const changed = (canvas, rests = ONE_REST) => {
  unsent = canvas;
  clearTimeout(resting);
  resting = setTimeout(sendUnsent, rests * (document.body.dataset.rest ?? 0));  // 0: when the package is through with it
  setTimeout(() => document.dispatchEvent(new CustomEvent("inkling-changed", { detail: canvas })));
};
const sendUnsent = () => {
  clearTimeout(resting);
  const canvas = unsent;
  unsent = null;
  if (!canvas?.isConnected) return;
  send(canvas);
  readAt = Date.now() + LONG;
  document.dispatchEvent(new Event("inkling-sent"));
};
const turnAway = (event) => {
  if (pen || !isElsewhere(event)) return;
  if (unsent) sendUnsent();
  if (event.type !== "click") return;
  if (isUnread() && isPage(event)) postpone(event, untilRead);
  else if (isSending) postpone(event, setTimeout);
};

// The pen. The package listens for events of mouse and touch, and some that it counts on never come: no mouseup over a
// disabled button, no touchend where the system takes the touch away. So it gets none of theirs, but their likes made
// from pointer events: the canvas holds on to the pointer until it is let go, wherever that is.
let pen = null;  // the pointer that draws
let lines = [];  // what it draws, and has drawn while another seed is awaited: each move's place on the canvas, 0 to 1
const SHORT = 0.15;  // of the canvas' side: so far comes the first of two fingers that are going to scroll

const give = (canvas, type, { x, y, shiftKey }) => {
  const { left, top, width, height } = upper(canvas).getBoundingClientRect();
  const [clientX, clientY] = [left + x * width, top + y * height];
  const init = { clientX, clientY, shiftKey, isPrimary: true, bubbles: true, composed: true };
  upper(canvas).dispatchEvent(new PointerEvent(type, init));
};
const move = (type, event) => {
  const { left, top, width, height } = upper(pen.canvas).getBoundingClientRect();
  const { clientX, clientY, shiftKey } = event;
  const place = { x: (clientX - left) / width, y: (clientY - top) / height, shiftKey };
  lines.at(-1).push(place);
  give(pen.canvas, type, place);
};
const penDown = (event) => {
  const canvas = findCanvas();
  if (!canvas || event.composedPath()[0] !== upper(canvas)) return;
  if (pen) secondFinger(event);
  else if (event.isPrimary && event.button === 0) {
    if (loaded(canvas)) greet(canvas);
    upper(canvas).setPointerCapture(event.pointerId);
    pen = { canvas, id: event.pointerId };
    clearTimeout(resting);
    cleared = 0;
    lines.push([]);
    move("mousedown", event);
  }
};
const penMove = (event) => {
  if (event.pointerId !== pen?.id) return;
  if (!(event.buttons & 1)) return penUp(event);  // while another button is down, no pointerup tells of this one
  if (pen.canvas.isConnected) upper(pen.canvas).setPointerCapture(pen.id);  // which another button's release ends
  move("mousemove", event);
};
const penUp = (event) => {
  if (event.pointerId !== pen?.id) return;
  const { canvas } = pen;
  pen = null;
  if (awaited || !canvas.isConnected) return;
  give(canvas, "mouseup", lines.pop().at(-1));
  changed(canvas);
};
const secondFinger = (event) => {
  if (event.pointerType !== "touch") return;
  const { canvas, id } = pen;
  const line = lines.at(-1);
  penUp({ pointerId: id });
  if (line.some(({ x, y }) => Math.hypot(x - line[0].x, y - line[0].y) > SHORT)) return;
  if (lines.at(-1) === line) lines.pop();
  else setTimeout(() => {
    own(canvas, "Undo")?.click();
    changed(canvas);
  });
};
const keepToOurselves = (event) => {
  if (event.isTrusted && event.composedPath()[0].classList?.contains("upper-canvas")) event.stopPropagation();
};
const keepMenuAway = (event) => pen && event.preventDefault();

// Undo, Redo and Clear. The package has a history of what was drawn since its seed, the drawing that the server gave it;
// the server has what was before. Where it is asked, what is drawn meanwhile is given to the canvas once more when its
// answer, another seed, is there.
const MANY = 90;  // strokes; the package goes back by 100
let buttons = [];
let cleared = 0;  // so many steps did Clear go back, if it was the last thing that happened
let awaited = null;  // what the server was asked for, and when
let mark = null;  // of the seed

const ask = (name) => {
  sendUnsent();
  awaited = { name, at: Date.now() };
  say("wanted", [name, mark]);
};
const able = (canvas, name) => ({
  Undo: cleared || isOn(canvas, "Undo") || page.past,
  Redo: !cleared && (isOn(canvas, "Redo") || (page.future && !isOn(canvas, "Undo"))),
  Clear: true,
})[name];
const step = (canvas, name, rests = ONE_REST) => {
  own(canvas, name)?.click();
  changed(canvas, rests);
};
// The package mixes up drawings that it loads in the same moment: of several steps, the last comes when those before are
// over.
const clear = (canvas) => {
  sendUnsent();  // the server has to know what undo may bring back
  if (page.startsEmpty && !(page.drawing?.length > MANY)) {
    let steps = 0;
    for (; isOn(canvas, "Undo"); steps++) own(canvas, "Undo").click();
    if (!steps) return;
    own(canvas, "Redo").click();
    setTimeout(() => step(canvas, "Undo", AFTER_CLEAR));
    cleared = steps;
  } else {
    const { width, height } = canvas.querySelector(LOWER);
    const context = canvas.querySelector(LOWER).getContext("2d");
    Object.assign(context, { fillStyle: "#000" }).fillRect(0, 0, width, height);
    send(canvas);
    ask("Clear");
  }
};
const press = (name) => {
  const canvas = findCanvas();
  if (!canvas || pen || awaited || !able(canvas, name)) return;
  if (name === "Clear") clear(canvas);
  else if (cleared) {
    for (; cleared > 1; cleared--) own(canvas, "Redo").click();
    cleared = 0;
    setTimeout(() => step(canvas, "Redo"));
  }
  else if (isOn(canvas, name)) step(canvas, name);
  else ask(name);
  showButtons();
};
const showButtons = () => {
  const canvas = findCanvas();
  for (const button of buttons) {
    button.disabled = !able(canvas, button.name);
    button.ariaDisabled = Boolean(awaited);  // what is disabled would lose the focus
  }
};
// The package wipes what is under the pen when it has loaded its seed, some frames after the server's word at most.
const isInked = (canvas, { x, y }) => {
  const [left, top] = [x * upper(canvas).width, y * upper(canvas).height].map(Math.floor);
  return pixel(upper(canvas), left, top) > 0;
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
    line.forEach((place, i) => give(canvas, i ? "mousemove" : "mousedown", place));
    if (!pen || line !== lines.at(-1)) give(canvas, "mouseup", line.at(-1));
    await null;  // the package puts a stroke into its history a moment later: each is a step of its own
  }
  lines = pen ? lines.slice(-1) : [];
  if (pen) pen.canvas = canvas;
  else changed(canvas);
};
// In a field for text, Ctrl+Z is the field's own.
const keyDown = (event) => {
  if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.altKey || pen || !findCanvas()) return;
  const target = event.composedPath()[0];
  if (target.isContentEditable || target.matches?.("textarea, select, input:not([type=checkbox], [type=radio], [type=range])")) return;
  event.preventDefault();
  press(event.shiftKey ? "Redo" : "Undo");
};

// The tab's own memory. A browser that forbids it only loses the drawing at a reload.
const keep = (drawing) => { try { sessionStorage.setItem(`inkling-${page.canvas}`, drawing); } catch { /* as said */ } };
const kept = () => { try { return sessionStorage.getItem(`inkling-${page.canvas}`); } catch { return null; } };

// What is sent by this page when another one has been asked for already would leave that one empty: Streamlit takes it for
// news of a page that is back.
const leave = (event) => {
  if (!findCanvas() || (event.type === "click" && !event.target.closest?.("a[href]"))) return;
  document.body.dataset.leaving = "";
  setTimeout(() => delete document.body.dataset.leaving, 1000);
};

// Each canvas that appears sends what it shows, as soon as it has loaded it: the first drawing that is sent takes half as
// long again as the next, while browser and server load what they need for it. When reruns follow each other closely,
// Streamlit may mount the canvas anew, without the strokes since its seed: then the server gives it the drawing again.
// And a canvas that starts with a drawing does not send its picture by itself.
let greeted = {};
const corner = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
const pixel = (layer, left, top) => {  // how opaque it is, 0 to 255
  corner.clearRect(0, 0, 1, 1);
  corner.drawImage(layer, left, top, 1, 1, 0, 0, 1, 1);
  return corner.getImageData(0, 0, 1, 1).data[3];
};
const loaded = (canvas) => pixel(canvas.querySelector(LOWER), 0, 0) === 255;  // its background comes with the strokes
const greet = (canvas) => {
  const isLost = canvas !== greeted.canvas && mark === greeted.mark;
  if (!isLost && !page.pictureWanted && canvas === greeted.canvas) return;
  greeted = { canvas, mark };
  document.body.dataset.drawable = "";  // for live_preview.js
  isLost ? ask("Show") : send(canvas);
};

// For as long as the tab is open: Streamlit mounts the component anew while a pen is down, and a pen that is lifted where
// nobody listens would draw for ever.
const on = (react, ...names) => names.forEach((name) => document.addEventListener(name, react, { capture: true }));
for (const name of ["pointerdown", "keydown", "click", "visibilitychange"]) {
  window.addEventListener(name, turnAway, { capture: true });  // before what these do
}
on(penDown, "pointerdown");
on(penMove, "pointermove");
on(penUp, "pointerup", "pointercancel");
on(keepToOurselves, "mousedown", "mousemove", "mouseup", "touchstart", "touchmove", "touchend", "touchcancel");
on(keepMenuAway, "contextmenu");
on(keyDown, "keydown");
on(leave, "click");
window.addEventListener("popstate", leave, { capture: true });
setInterval(() => {
  const canvas = findCanvas();
  if (!canvas || "leaving" in document.body.dataset) return;
  dress(canvas);
  if (awaited && Date.now() - awaited.at > 3000) ask(awaited.name);  // the connection was cut
  if (loaded(canvas)) greet(canvas);
}, 100);

// Streamlit may show a component once more for a moment that is about to leave, calls it even when it has left while this
// script was loaded, and ends a call that has been overtaken after the next one began. So the server's word is what was said
// last to a component that is still there.
const shown = new Map();  // the component's places on the page, and what was said there
const take = ({ place, said, setTriggerValue }) => {
  readAt = 0;
  page = said;
  tell = setTriggerValue;
  buttons = [...place.querySelectorAll("button")];
  for (const button of buttons) button.onclick = () => press(button.name);
  if (page.mark !== mark) {
    mark = page.mark;
    cleared = 0;
    awaited = { at: Infinity };
    takeSeed();
  }
  showButtons();
};
const end = (call) => {
  if (shown.get(call.place) !== call) return;
  shown.delete(call.place);
  if (shown.size) take([...shown.values()].at(-1));
};

export default ({ data, parentElement: place, setTriggerValue }) => {
  if (!place.isConnected) return;
  const said = JSON.parse(new TextDecoder().decode(data));
  const call = { place, said, setTriggerValue };
  shown.delete(place);
  shown.set(place, call);
  take(call);
  if (said.drawing) keep(JSON.stringify(said.drawing));
  else if (kept()) say("kept", kept());
  return () => end(call);
};
