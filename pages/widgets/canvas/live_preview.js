// While the pen is down, the browser reads the canvas itself: MNIST's recipe as in model/preprocessing.py, forward
// propagation as in model/network.py, the answer as in pages/widgets/answer/probability_bars.py. The server's answer replaces
// the browser's. mounts.js stands before this.

const [SIDE, BOX, MIDDLE, FAINTEST_INK] = [28, 20, 14, 13];

// Round as Python does: a half goes to the even neighbour.
const round = (number) => {
  const below = Math.floor(number);
  const rest = number - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below;
};

const scratch = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

// How much ink is on each pixel: how far it differs from the border's median. The pen is white and the paper black, so one
// channel is enough. The upper canvas holds the stroke that is being drawn.
const findInk = (canvas) => {
  const [lower, upper] = [".dc-canvas.lower-canvas", ".upper-canvas"].map((name) => canvas.querySelector(name));
  const { width, height } = Object.assign(scratch.canvas, { width: lower.width, height: lower.height });
  for (const part of [lower, upper]) scratch.drawImage(part, 0, 0);
  const rgba = scratch.getImageData(0, 0, width, height).data;
  const ink = new Uint8Array(width * height);
  for (let i = 0; i < ink.length; i++) ink[i] = rgba[4 * i];
  const sides = Array.from({ length: height }, (_, y) => [ink[y * width], ink[(y + 1) * width - 1]]).flat();
  const border = Uint8Array.from([...ink.subarray(0, width), ...ink.subarray(-width), ...sides]).sort();
  const paper = Math.floor((border[border.length / 2 - 1] + border[border.length / 2]) / 2);
  for (let i = 0; i < ink.length; i++) ink[i] = Math.abs(ink[i] - paper);
  return { ink, width, height };
};

// The smallest rectangle that holds all ink: left, top, right, bottom; null on a blank canvas.
const findCrop = ({ ink, width, height }) => {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let i = 0; i < ink.length; i++) {
    if (ink[i] < FAINTEST_INK) continue;
    const [x, y] = [i % width, Math.floor(i / width)];
    [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x + 1), y + 1];
  }
  return right ? [left, top, right, bottom] : null;
};

// Which of `length` pixels each of `pixels` new ones averages, [from, to), as in Pillow's box filter.
const boxSpans = (length, pixels) => Array.from({ length: pixels }, (_, i) => {
  const scale = length / pixels;
  const [middle, reach] = [(i + 0.5) * scale, Math.max(scale, 1)];
  const offset = (x) => (x - middle + 0.5) * (1 / reach);
  let [from, to] = [middle - 0.5 * reach, middle + 0.5 * reach].map((edge) => Math.trunc(edge + 0.5));
  while (offset(from) <= -0.5) from++;
  while (offset(to - 1) > 0.5) to--;
  return [from, to];
});

// Scale the longer side to 20 pixels, each the mean of what it covers, and the brightest pixel to 255.
const fit = ({ ink, width }, [left, top, right, bottom]) => {
  const scale = BOX / Math.max(right - left, bottom - top);
  const across = boxSpans(right - left, Math.max(1, round((right - left) * scale)));
  const down = boxSpans(bottom - top, Math.max(1, round((bottom - top) * scale)));
  const mean = ([from, to], value) => {
    let sum = 0;
    for (let i = from; i < to; i++) sum += value(i);
    return Math.fround(sum / (to - from));
  };
  const rows = Array.from({ length: bottom - top }, (_, y) => {
    const start = (top + y) * width + left;
    return across.map((span) => mean(span, (x) => ink[start + x]));
  });
  const means = down.flatMap((span) => across.map((_, x) => mean(span, (y) => rows[y][x])));
  const stretch = Math.fround(255 / Math.max(...means));
  return { box: means.map((level) => round(Math.fround(level * stretch))), columns: across.length, rows: down.length };
};

// Place the box in 28x28 pixels with its centre of mass in the middle, by whole pixels, and within the edges.
const centre = ({ box, columns, rows }) => {
  let [mass, massX, massY] = [0, 0, 0];
  box.forEach((level, i) => {
    mass += level;
    massX += level * (i % columns);
    massY += level * Math.floor(i / columns);
  });
  const corner = (middle, length) => Math.min(Math.max(round(MIDDLE - middle), 0), SIDE - length);
  const [left, top] = [corner(massX / mass, columns), corner(massY / mass, rows)];
  const picture = new Uint8Array(SIDE * SIDE);
  box.forEach((level, i) => { picture[(top + Math.floor(i / columns)) * SIDE + left + (i % columns)] = level; });
  return picture;
};

// Forward propagation. Most pixels are background and most ReLU neurons silent, so zeros are skipped.
const ACTIVATIONS = {
  linear: (z) => z,
  relu: (z) => z.map((value) => Math.max(value, 0)),
  leaky_relu: (z) => z.map((value) => (value < 0 ? 0.2 * value : value)),
  sigmoid: (z) => z.map((value) => 1 / (1 + Math.exp(-value))),
  tanh: (z) => z.map(Math.tanh),
  softmax: (z) => {
    const e = z.map((value) => Math.exp(value - Math.max(...z)));
    const sum = e.reduce((total, value) => total + value);
    return e.map((value) => value / sum);
  },
};
const forward = (x, { weights, biases, activation }) => {
  const z = Float32Array.from(biases);
  x.forEach((value, i) => {
    if (value === 0) return;
    const row = i * z.length;
    for (let j = 0; j < z.length; j++) z[j] += value * weights[row + j];
  });
  return ACTIVATIONS[activation](z);
};

// The networks that this tab holds, by their addresses, and what the server said last, see show_live_preview.
const heldNetworks = new Map();
let state = { networks: [] };
const unpackNetwork = (bytes) => {
  const end = 4 + new DataView(bytes).getUint32(0, true);
  const { layers } = JSON.parse(new TextDecoder().decode(bytes.slice(4, end)));
  let at = end;
  const take = (Kind, length) => new Kind(bytes.slice(at, at += length * Kind.BYTES_PER_ELEMENT));
  return layers.map(({ inputs, neurons, bits, activation }) => {
    const [scales, biases] = [take(Float32Array, inputs), take(Float32Array, neurons)];
    const weights = Float32Array.from(take(bits === 8 ? Int8Array : Int16Array, inputs * neurons));
    for (let i = 0; i < weights.length; i++) weights[i] *= scales[Math.floor(i / neurons)];
    return { weights, biases, activation };
  });
};

// The answers go into the places that the server has drawn for them; the chosen network's comes first.
const answerPlaces = () => [...document.querySelectorAll(".st-key-digit .reading")];
const percent = (p) => (p >= state.nearlyCertain ? state.texts.nearlyCertain : `${(100 * p).toFixed(1)}%`);
const fill = (text, values) => text.replace(/{(\w+)}/g, (_, name) => values[name]);
const verdict = (probabilities) => {
  const [first, second] = [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a]);
  const [p, q] = [probabilities[first], probabilities[second]];
  const isSure = p >= state.minConfidence && p - q >= state.minMargin;
  return fill(state.texts[isSure ? "sure" : "unsure"], { first, second, p: percent(p), q: percent(q) });
};
const preview = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE }).getContext("2d");
const dataUrl = (picture) => {
  const image = new ImageData(SIDE, SIDE);
  picture.forEach((level, i) => image.data.set([level, level, level, 255], 4 * i));
  preview.putImageData(image, 0, 0);
  return preview.canvas.toDataURL();
};
const showAnswer = (place, probabilities, address) => {
  const top = probabilities.indexOf(Math.max(...probabilities));
  place.querySelectorAll(".bars li").forEach((row, digit) => {
    const p = probabilities[digit];
    row.classList.toggle("top", digit === top);
    row.querySelector(".bar").style.width = `${100 * p}%`;
    row.querySelector(".percent").innerHTML = percent(p);
    if ("probability" in row.dataset) row.dataset.probability = p.toFixed(6);
  });
  place.querySelector(".answer").classList.remove("doubtful");
  place.querySelectorAll("[hidden]").forEach((part) => { part.hidden = false; });
  place.querySelector(".verdict").innerHTML = verdict(probabilities);
  place.querySelector("img").src = address;
  const digit = Object.assign(place.querySelector(".digit"), { textContent: top });
  if (!("source" in place.dataset)) return;
  place.dataset.source = "browser";
  digit.dataset.testid = "prediction";
};
const clearAnswer = (place) => {
  place.querySelectorAll(".bars li").forEach((row) => {
    row.classList.remove("top");
    row.querySelector(".bar").style.width = 0;
    row.querySelector(".percent").textContent = "";
    if ("probability" in row.dataset) row.dataset.probability = "0.000000";
  });
  place.querySelector(".answer").classList.remove("doubtful");
  place.querySelector(".verdict").textContent = state.texts.invitation;
  const digit = Object.assign(place.querySelector(".digit"), { textContent: "", hidden: true });
  place.querySelector("figure").hidden = true;
  delete digit.dataset.testid;
  if ("source" in place.dataset) place.dataset.source = "browser";
};
const readCanvas = (canvas) => {
  const found = findInk(canvas);
  const crop = findCrop(found);
  const picture = crop && centre(fit(found, crop));
  const vector = crop && Float32Array.from(picture, (level) => level / 255);
  answerPlaces().forEach((place, i) => {
    const layers = heldNetworks.get(state.networks[i]);
    if (layers) crop ? showAnswer(place, layers.reduce(forward, vector), dataUrl(picture)) : clearAnswer(place);
  });
};

// The pen. While it is down, each frame that shows something new is read, and so is each change that component.js reports: a
// stroke, undo, redo or clear, which the server has not answered yet. Visitors who prefer less motion wait for the server.
const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");
let [pen, moved] = [null, false];
const isFromBrowser = () => answerPlaces()[0]?.dataset.source === "browser";
const readFrame = () => {
  if (!pen?.canvas.isConnected) return;
  if (moved || !isFromBrowser()) readCanvas(pen.canvas);
  moved = false;
  requestAnimationFrame(readFrame);
};
const penDown = (event) => {
  const canvas = event.composedPath().find((node) => node.classList?.contains("dc-root"));
  if (!canvas) return;
  if (pen?.canvas.isConnected) {  // a second finger: for component.js the stroke ends here
    if (event.pointerType === "touch") penUp({ pointerId: pen.id });
    return;
  }
  if (!event.isPrimary || event.button !== 0) return;
  pen = { canvas, id: event.pointerId };
  spokenPlace = answerPlaces()[0];
  if (!answerTimes.length) fetching?.abort();
  if (!reducedMotion.matches) requestAnimationFrame(readFrame);
};
const penMove = (event) => {
  moved = true;
  if (!(event.buttons & 1)) penUp(event);  // no pointerup comes while another button is down
};
const penUp = (event) => {
  if (event.pointerId !== pen?.id) return;
  pen = null;
  wasLifted = true;
};
const canvasChanged = ({ detail: canvas }) => { if (!pen && canvas.isConnected && !reducedMotion.matches) readCanvas(canvas); };

// A screen reader speaks the server's answer once each time the pen is lifted: after half a second, because another answer
// may be on its way.
let [wasLifted, spokenPlace, lastPlace, stillTicks] = [false, undefined, undefined, 0];
const speak = (region) => {
  const place = answerPlaces()[0];
  stillTicks = place === lastPlace ? stillTicks + 1 : 0;
  lastPlace = place;
  if (pen) region.textContent = "";
  if (pen || !wasLifted || stillTicks < 5 || place === spokenPlace || isFromBrowser() || sentAt !== null) return;
  wasLifted = false;
  const parts = [...place.querySelectorAll(".answer:not(.doubtful) .digit:not([hidden]), .verdict")];
  region.textContent = parts.map((part) => part.textContent).join(": ");
};

// How long the server's latest answers took, in milliseconds. Where the server is slow and the browser answers by itself, the
// canvas waits until the pen has rested; component.js reports when it sends a drawing.
const answerTimes = [];
let [sentAt, awaited] = [null, undefined];
const setPace = () => {
  const rests = Math.max(...answerTimes) > state.pace.slow && heldNetworks.has(state.networks[0]) && !reducedMotion.matches;
  if (rests) document.body.dataset.rest = state.pace.rest;
  else delete document.body.dataset.rest;
};
const drawingSent = () => {
  if (sentAt !== null) return;
  [sentAt, awaited] = [performance.now(), answerPlaces()[0]];
  requestAnimationFrame(awaitAnswer);
};
const awaitAnswer = () => {
  if (sentAt === null) return;
  const milliseconds = performance.now() - sentAt;
  if (answerPlaces()[0] === awaited && milliseconds < GIVE_UP) {
    requestAnimationFrame(awaitAnswer);
    return;
  }
  sentAt = null;
  answerTimes.push(milliseconds);
  if (answerTimes.length > state.pace.latest) answerTimes.shift();
  setPace();
};

// Networks are fetched over HTTP, one after the other, and stay in the browser's cache. Fetching begins once the canvas can be
// drawn on, after a random delay, so that a class that arrives does not ask all at once. Strokes go first: nothing is
// fetched while the pen is down or an answer is on its way, and the first stroke aborts a fetch, which is then repeated. A
// network that could not be fetched is tried again after a while; until then the server answers alone.
const GIVE_UP = 30000;  // milliseconds
const failedNetworks = new Set();
let [fetchAt, fetching] = [null, null];
const fetchNetwork = async () => {
  const address = state.networks.find((each) => each && !heldNetworks.has(each));
  if (!address || fetching || reducedMotion.matches || !("drawable" in document.body.dataset)) return;
  fetchAt ??= Date.now() + 200 + 2000 * Math.random();
  if (Date.now() < fetchAt || pen || sentAt !== null) return;
  fetching = new AbortController();
  const { signal } = fetching;
  try {
    // The address of Streamlit's own script shows where its server is: perhaps in a folder below the host.
    const url = new URL(`../..${address}`, document.querySelector("script[src*='static/js/']").src);
    const response = await fetch(url, { signal, priority: "low", cache: failedNetworks.has(address) ? "reload" : "force-cache" });
    if (!response.ok) throw new Error(response.statusText);
    heldNetworks.set(address, unpackNetwork(await new Response(response.body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer()));
    setPace();
  } catch {
    if (signal.aborted) return;
    failedNetworks.add(address);  // the cached file may be damaged
    fetchAt = Date.now() + GIVE_UP;
  } finally {
    fetching = null;
  }
};

const takeMount = ({ data }) => {
  state = decode(data);
  setPace();
};
const leave = () => {
  delete document.body.dataset.rest;
  sentAt = null;
};

// These listen for as long as the tab is open, as in component.js.
const whileShown = (react) => (event) => { if (mounts.size) react(event); };
const on = (name, react) => document.addEventListener(name, react, { capture: true });
on("pointerdown", whileShown(penDown));
on("pointermove", penMove);
for (const name of ["pointerup", "pointercancel"]) on(name, penUp);
on("inkling-changed", whileShown(canvasChanged));
on("inkling-sent", whileShown(drawingSent));
setInterval(whileShown(() => {
  speak([...mounts.keys()].at(-1).querySelector("p"));
  fetchNetwork();
}), 100);

export default (component) => {
  if (component.parentElement.isConnected) return mount(component, takeMount, leave);
};
