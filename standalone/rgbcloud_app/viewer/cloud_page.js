import { coding } from "./coding.js";
import { Room } from "./room.js";
import { turning } from "./turning.js";

// The page of a cloud: what it is told of the points is shown, turned, and switched on and off.

const one = (selector) => document.querySelector(selector);
const made = (tag, properties, children = []) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

const data = JSON.parse(one("#data").textContent);
const colors = new Uint8ClampedArray(coding.bytesOf(data.colors));
const texels = new Float64Array(coding.bytesOf(data.weights).buffer);
const areas = coding.bytesOf(data.areas); // of points, squared pixels
const clusters = coding.bytesOf(data.clusters);
const levels = data.palette.map(({ color }) =>
  [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16)),
);
const ofClusters = new Uint8ClampedArray(colors.length);
clusters.forEach((cluster, i) => {
  ofClusters.set(levels[cluster], 3 * i);
});

const room = new Room(one("#cloud"));
room.foot = 40;
room.setColors(colors);
if (data.places) room.places.file = new Float32Array(coding.bytesOf(data.places).buffer);
room.sizes = Float32Array.from(areas, (area) => Math.sqrt(area) / 4);
room.hidden = new Uint8Array(clusters.length);

function morph(space) {
  one("#centers").disabled = space === "file"; // where the palette lies there is not told
  placeCenters();
  room.morph(space);
}

/** Make buttons of which one is pressed. */
function makeChoice(selector, options, first, choose) {
  const buttons = Object.entries(options).map(([name, textContent]) => {
    const button = made("button", { type: "button", textContent });
    button.setAttribute("aria-pressed", name === first);
    button.onclick = () => {
      for (const other of buttons) other.setAttribute("aria-pressed", other === button);
      choose(name);
    };
    return button;
  });
  one(selector).append(...buttons);
}

/** Make a box for every cluster, the largest first as in the palette; return what shows the palette. */
function makeBoxes() {
  const centers = one("#centers");
  const boxes = data.palette.map(({ color, share }, cluster) => {
    const box = made("input", { type: "checkbox", checked: true, onchange: show });
    const swatch = made("i", { textContent: cluster + 1 });
    swatch.style.background = color;
    swatch.style.color = coding.isLight(levels[cluster]) ? "#000" : "#fff";
    const row = made("label", {}, [box, swatch, color, made("small", { textContent: share })]);
    one("#clusters").append(row);
    return box;
  });
  function show() {
    clusters.forEach((cluster, i) => {
      room.hidden[i] = !boxes[cluster].checked;
    });
    placeCenters();
  }
  function placeCenters() {
    const balls = levels.map((color, cluster) => ({ levels: color, color, name: cluster + 1 }));
    const isShown = (_, cluster) => centers.checked && !centers.disabled && boxes[cluster].checked;
    room.moveCenters(balls.filter(isShown), [], true);
  }
  const check = (isChecked) => {
    for (const box of boxes) box.checked = isChecked;
    show();
  };
  one("#all").onclick = () => check(true);
  one("#none").onclick = () => check(false);
  centers.onchange = placeCenters;
  return placeCenters;
}

function tellPoint({ offsetX, offsetY }) {
  const point = room.pointAt(offsetX, offsetY);
  if (point < 0) return;
  const code = colors.subarray(3 * point, 3 * point + 3);
  const name = `#${Array.from(code, (level) => level.toString(16).padStart(2, "0")).join("")}`;
  const { color, share } = data.palette[clusters[point]];
  const count = texels[point].toLocaleString("en");
  one("#status").textContent =
    `${name} (${Array.from(code).join(", ")}): ${count} texels, in the cluster of ${color}, ${share} of all`;
}

function wireHands() {
  const { canvas } = room;
  const fingers = new Map();
  canvas.onkeydown = (event) => turning.press(room, event);
  canvas.ondblclick = () => turning.home(room);
  canvas.onwheel = (event) => {
    turning.turn(room, 0, 0, 1.001 ** -event.deltaY);
    event.preventDefault();
  };
  canvas.onpointerdown = (event) => {
    fingers.set(event.pointerId, event);
    canvas.setPointerCapture(event.pointerId);
  };
  canvas.onpointerup = canvas.onpointercancel = ({ pointerId }) => fingers.delete(pointerId);
  canvas.onpointermove = (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return tellPoint(event);
    const [dx, dy] = [event.clientX - before.clientX, event.clientY - before.clientY];
    const other = [...fingers.values()].find(({ pointerId }) => pointerId !== event.pointerId);
    const apart = ({ clientX, clientY }) => Math.hypot(clientX - other.clientX, clientY - other.clientY);
    if (other) turning.turn(room, 0, 0, apart(event) / Math.max(1, apart(before)));
    else turning.drag(room, dx, dy);
    fingers.set(event.pointerId, event);
  };
  canvas.onclick = tellPoint;
}

makeChoice("#colors", { source: "Own colours", cluster: "Of clusters" }, data.colorBy, (name) =>
  room.show(name === "source" ? colors : ofClusters),
);
const spaceNames = { rgb: "RGB", linear: "Linear", oklab: "Oklab", cielab: "CIELAB" };
if (data.places) spaceNames.file = "The file's";
makeChoice("#spaces", spaceNames, data.space, morph);
const placeCenters = makeBoxes();
wireHands();
morph(data.space);
if (data.colorBy === "cluster") room.show(ofClusters, true);
Object.assign(window, { room, data }); // for those who open the console
document.body.classList.add("ready");
