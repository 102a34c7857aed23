// While the pen is down, the browser reads the canvas itself: MNIST's recipe as in model/preprocessing.py, forward
// propagation as in model/network.py, the answer as in pages/widgets/answer/probability_bars.py. The server's answer replaces it.

const [SIDE, BOX, MIDDLE, FAINTEST_INK] = [28, 20, 14, 13];

// Python's: a half goes to the even neighbour.
const round = (number) => {
  const below = Math.floor(number);
  const rest = number - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below;
};

const sheet = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

// How much ink is on each pixel: what differs from what the border mostly shows. The pen is white and the paper black,
// so one colour tells all. The upper canvas holds the stroke that is being drawn.
const findInk = (canvas) => {
  const [lower, upper] = [".dc-canvas.lower-canvas", ".upper-canvas"].map((name) => canvas.querySelector(name));
  const { width, height } = Object.assign(sheet.canvas, { width: lower.width, height: lower.height });
  for (const part of [lower, upper]) sheet.drawImage(part, 0, 0);
  const rgba = sheet.getImageData(0, 0, width, height).data;
  const ink = new Uint8Array(width * height);
  for (let i = 0; i < ink.length; i++) ink[i] = rgba[4 * i];
  const sides = Array.from({ length: height }, (_, y) => [ink[y * width], ink[(y + 1) * width - 1]]).flat();
  const border = Uint8Array.from([...ink.subarray(0, width), ...ink.subarray(-width), ...sides]).sort();
  const paper = Math.floor((border[border.length / 2 - 1] + border[border.length / 2]) / 2);
  for (let i = 0; i < ink.length; i++) ink[i] = Math.abs(ink[i] - paper);
  return { ink, width, height };
};

// The smallest rectangle that holds all ink: left, top, right, bottom; null where there is none.
const findCrop = ({ ink, width, height }) => {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let i = 0; i < ink.length; i++) {
    if (ink[i] < FAINTEST_INK) continue;
    const [x, y] = [i % width, Math.floor(i / width)];
    [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x + 1), y + 1];
  }
  return right ? [left, top, right, bottom] : null;
};

// Of which of `length` pixels each of `pixels` others is the mean: from, and up to, as Pillow's box filter has it.
const spans = (length, pixels) => Array.from({ length: pixels }, (_, i) => {
  const scale = length / pixels;
  const [middle, reach] = [(i + 0.5) * scale, Math.max(scale, 1)];
  const off = (x) => (x - middle + 0.5) * (1 / reach);
  let [from, to] = [middle - 0.5 * reach, middle + 0.5 * reach].map((edge) => Math.trunc(edge + 0.5));
  while (off(from) <= -0.5) from++;
  while (off(to - 1) > 0.5) to--;
  return [from, to];
});

// Scale so that the longer side is 20 pixels, each the mean of what it covers; the strongest becomes 255.
const fit = ({ ink, width }, [left, top, right, bottom]) => {
  const scale = BOX / Math.max(right - left, bottom - top);
  const across = spans(right - left, Math.max(1, round((right - left) * scale)));
  const down = spans(bottom - top, Math.max(1, round((bottom - top) * scale)));
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

// Set the box into 28x28 with its centre of mass at the middle, moved by whole pixels, and not over the edge.
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

// Forward propagation. Most pixels are background and most neurons of ReLU silent: what is 0 adds nothing.
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

// The networks that this tab holds, by their addresses, and what the server said last.
const held = new Map();
let page = { networks: [] };
const unpack = (bytes) => {
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

// The answer, in the places that the server has drawn for it; the chosen network's comes first.
const answers = () => [...document.querySelectorAll(".st-key-digit .reading")];
const percent = (p) => (p >= 0.9995 ? "> 99.9%" : `${(100 * p).toFixed(1)}%`);
const verdict = (probabilities) => {
  const [first, second] = [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a]);
  const [p, q] = [probabilities[first], probabilities[second]];
  return p < page.sure || p - q < page.apart
    ? `Not sure: <strong>${first}</strong> (${percent(p)}) or <strong>${second}</strong> (${percent(q)})?`
    : `<strong>${percent(p)}</strong> sure`;
};
const small = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE }).getContext("2d");
const asAddress = (picture) => {
  const image = new ImageData(SIDE, SIDE);
  picture.forEach((level, i) => image.data.set([level, level, level, 255], 4 * i));
  small.putImageData(image, 0, 0);
  return small.canvas.toDataURL();
};
const show = (place, probabilities, address) => {
  const top = probabilities.indexOf(Math.max(...probabilities));
  place.querySelectorAll(".bars li").forEach((row, digit) => {
    const p = probabilities[digit];
    row.classList.toggle("top", digit === top);
    row.querySelector(".bar").style.width = `${100 * p}%`;
    row.querySelector(".percent").textContent = percent(p);
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
const showNothing = (place) => {
  place.querySelectorAll(".bars li").forEach((row) => {
    row.classList.remove("top");
    row.querySelector(".bar").style.width = 0;
    row.querySelector(".percent").textContent = "";
    if ("probability" in row.dataset) row.dataset.probability = "0.000000";
  });
  place.querySelector(".answer").classList.remove("doubtful");
  place.querySelector(".verdict").textContent = page.invitation;
  const digit = Object.assign(place.querySelector(".digit"), { textContent: "", hidden: true });
  place.querySelector("figure").hidden = true;
  delete digit.dataset.testid;
  if ("source" in place.dataset) place.dataset.source = "browser";
};
const read = (canvas) => {
  const found = findInk(canvas);
  const crop = findCrop(found);
  const picture = crop && centre(fit(found, crop));
  const vector = crop && Float32Array.from(picture, (level) => level / 255);
  answers().forEach((place, i) => {
    const layers = held.get(page.networks[i]);
    if (layers) crop ? show(place, layers.reduce(forward, vector), asAddress(picture)) : showNothing(place);
  });
};

// The pen. While it is down, each frame that shows something new is read; and once more what component.js says has changed,
// by a stroke, undo, redo or clear, for the server has not answered yet. Who wants no motion waits for the server.
const stillness = matchMedia("(prefers-reduced-motion: reduce)");
let [pen, moved] = [null, false];
const isOurs = () => answers()[0]?.dataset.source === "browser";
const frame = () => {
  if (!pen?.canvas.isConnected) return;
  if (moved || !isOurs()) read(pen.canvas);
  moved = false;
  requestAnimationFrame(frame);
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
  spoken = answers()[0];
  if (!took.length) fetching?.abort();
  if (!stillness.matches) requestAnimationFrame(frame);
};
const penUp = (event) => {
  if (event.pointerId !== pen?.id) return;
  pen = null;
  lifted = true;
};
const canvasChanged = ({ detail: canvas }) => { if (!pen && canvas.isConnected && !stillness.matches) read(canvas); };

// A screen reader hears the server's answer, once for each lifted pen: when it has stood for half a second, for another
// one may be on its way.
let [lifted, spoken, seen, quiet] = [false, undefined, undefined, 0];
const speak = (region) => {
  const place = answers()[0];
  quiet = place === seen ? quiet + 1 : 0;
  seen = place;
  if (pen) region.textContent = "";
  if (pen || !lifted || quiet < 5 || place === spoken || isOurs() || sentAt !== null) return;
  lifted = false;
  const parts = [...place.querySelectorAll(".answer:not(.doubtful) .digit:not([hidden]), .verdict")];
  region.textContent = parts.map((part) => part.textContent).join(": ");
};

// How long the server's latest answers took, in milliseconds. Where it is slow, and the browser answers by itself, the canvas
// waits until the pen has rested (see component.js, which tells when it sends a drawing).
const took = [];
let [sentAt, awaited] = [null, undefined];
const setPace = () => {
  const rests = Math.max(...took) > page.pace.slow && held.has(page.networks[0]) && !stillness.matches;
  if (rests) document.body.dataset.rest = page.pace.rest;
  else delete document.body.dataset.rest;
};
const drawingSent = () => {
  if (sentAt !== null) return;
  [sentAt, awaited] = [performance.now(), answers()[0]];
  requestAnimationFrame(watch);
};
const watch = () => {
  if (sentAt === null) return;
  const milliseconds = performance.now() - sentAt;
  if (answers()[0] === awaited && milliseconds < GIVE_UP) {
    requestAnimationFrame(watch);
    return;
  }
  sentAt = null;
  took.push(milliseconds);
  if (took.length > page.pace.latest) took.shift();
  setPace();
};

// Networks come over HTTP, one after the other, and stay in the browser's cache. They come when the canvas can be drawn
// on, and a class that arrives does not ask for them all at once. A stroke goes first: none is asked for while the pen is
// down or an answer is on its way, and the first stroke of all stops what is coming, which is then fetched again. One that
// could not be fetched is, after a while: until then, and for who wants no motion, the server answers alone.
const GIVE_UP = 30000;  // milliseconds
const failed = new Set();
let [due, fetching] = [null, null];
const fetchNetwork = async () => {
  const address = page.networks.find((each) => each && !held.has(each));
  if (!address || fetching || stillness.matches || !("drawable" in document.body.dataset)) return;
  due ??= Date.now() + 200 + 2000 * Math.random();
  if (Date.now() < due || pen || sentAt !== null) return;
  fetching = new AbortController();
  const { signal } = fetching;
  try {
    // Streamlit's own script tells where its server is: it may be anywhere below the page's address.
    const url = new URL(`../..${address}`, document.querySelector("script[src*='static/js/']").src);
    const response = await fetch(url, { signal, priority: "low", cache: failed.has(address) ? "reload" : "force-cache" });
    if (!response.ok) throw new Error(response.statusText);
    held.set(address, unpack(await new Response(response.body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer()));
    setPace();
  } catch {
    if (signal.aborted) return;
    failed.add(address);  // what was kept may be the fault
    due = Date.now() + GIVE_UP;
  } finally {
    fetching = null;
  }
};

// As in component.js: the server's word is what was said last to a component that is still there, and who listens does so
// for as long as the tab is open.
const shown = new Map();
const take = ({ said }) => {
  page = said;
  setPace();
};
const end = (call) => {
  if (shown.get(call.place) !== call) return;
  shown.delete(call.place);
  if (shown.size) return take([...shown.values()].at(-1));
  delete document.body.dataset.rest;
  sentAt = null;
};

const whileShown = (react) => (event) => { if (shown.size) react(event); };
const on = (name, react) => document.addEventListener(name, react, { capture: true });
on("pointerdown", whileShown(penDown));
on("pointermove", () => { moved = true; });
for (const name of ["pointerup", "pointercancel"]) on(name, penUp);
on("inkling-changed", whileShown(canvasChanged));
on("inkling-sent", whileShown(drawingSent));
setInterval(whileShown(() => {
  speak([...shown.keys()].at(-1).querySelector("p"));
  fetchNetwork();
}), 100);

export default ({ data, parentElement: place }) => {
  if (!place.isConnected) return;
  const call = { place, said: JSON.parse(new TextDecoder().decode(data)) };
  shown.delete(place);
  shown.set(place, call);
  take(call);
  return () => end(call);
};
