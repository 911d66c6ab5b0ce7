import { coding } from "../viewer/coding.js";
import { motion } from "../viewer/motion.js";
import { spaces } from "../viewer/spaces.js";
import { turning } from "../viewer/turning.js";
import { balloon } from "./balloon.js";
import { empty } from "./empty.js";
import { kmeans } from "./kmeans.js";
import { Lesson } from "./lesson.js";
import { loupe } from "./loupe.js";
import { panels } from "./panels.js";
import { pictures } from "./pictures.js";
import { sections } from "./sections.js";
import { starts } from "./starts.js";

// Everything that can be pressed, dragged, dropped and scrolled; and the beginning.

const { one, all, made } = panels;
const within = (value, least, most) => Math.min(most, Math.max(least, value));

function wireButtons(lesson) {
  const { cloud } = lesson;
  for (const button of all("[data-do]")) button.onclick = () => lesson[button.dataset.do]();
  one("#bad").onclick = () => starts.runBad(lesson);
  one("#ten").onclick = () => starts.offerTen(lesson);
  one("#strand").onclick = () => empty.strand(lesson);
  one("#rescue").onclick = () => empty.rescue(lesson);
  one("#power").onchange = () => balloon.weigh(lesson);
  one("#k").oninput = () => lesson.showBest(Number(one("#k").value));
  one("#fly").onclick = () => {
    const isThere = cloud.flight === 0;
    one("#fly").textContent = isThere ? "Back into the picture" : "Into the cloud";
    cloud.fly(isThere);
  };
  const modes = { original: "As it was", rebuilt: "Rebuilt", difference: "What is lost" };
  lesson.showMode = makeChoice("[data-modes]", modes, lesson.mode, (mode) => {
    lesson.mode = mode;
    lesson.paint();
  });
  const rooms = { rgb: "RGB", oklab: "Oklab", cielab: "CIELAB" };
  lesson.showSpace = makeChoice("[data-spaces]", rooms, cloud.space, (space) => cloud.morph(space));
}

/** Make buttons of which one is pressed, now the one of this name; return what presses one. */
function makeChoice(selector, options, now, choose) {
  const press = (name) => {
    for (const button of buttons) button.setAttribute("aria-pressed", button.dataset.name === name);
    choose(name);
  };
  const buttons = Object.entries(options).map(([name, text]) => {
    const button = made("button", { type: "button", textContent: text, onclick: () => press(name) });
    button.dataset.name = name;
    button.setAttribute("aria-pressed", name === now);
    return button;
  });
  one(selector).replaceChildren(...buttons);
  return press;
}

/** Let the chosen centre be moved by three numbers. */
function wireSliders(lesson) {
  const rows = ["red", "green", "blue"].map((name, axis) => {
    const input = made("input", { type: "range", min: 0, max: 255, className: name });
    input.oninput = () => {
      const { session, selected } = lesson;
      const levels = kmeans.toLevels(session.centers.slice(3 * selected, 3 * selected + 3));
      levels[axis] = Number(input.value);
      lesson.moveCenter(selected, kmeans.toSteps(levels));
    };
    return made("div", {}, [input, made("b")]);
  });
  one("[data-sliders]").append(...rows);
}

function wirePicture(lesson) {
  const canvas = one("#picture");
  canvas.onclick = ({ offsetX, offsetY }) => {
    const { width, height } = lesson.session.picture;
    const row = Math.floor((offsetY * height) / canvas.clientHeight);
    const column = Math.floor((offsetX * width) / canvas.clientWidth);
    lesson.take(within(row, 0, height - 1), within(column, 0, width - 1));
  };
  canvas.onkeydown = (event) => walk(lesson, event);
}

/** Go from pixel to pixel with the keyboard, and take one. */
function walk(lesson, event) {
  const { row, column } = loupe.pixel;
  const { width, height } = lesson.session.picture;
  const far = event.shiftKey ? 16 : 1;
  const way = { ArrowUp: [-far, 0], ArrowDown: [far, 0], ArrowLeft: [0, -far], ArrowRight: [0, far] }[
    event.key
  ];
  if (way) lesson.look(within(row + way[0], 0, height - 1), within(column + way[1], 0, width - 1));
  else if (event.key === "Enter" || event.key === " ") lesson.take(row, column);
  else return;
  event.preventDefault();
}

function wireCloud(lesson) {
  const { cloud } = lesson;
  cloud.canvas.onkeydown = (event) => {
    if (cloud.shows === "picture") walk(lesson, event);
    else turning.press(cloud, event);
  };
  cloud.canvas.ondblclick = () => turning.home(cloud);
}

/** Let centres be dragged, and the cloud be turned. */
function wireDragging(lesson) {
  const { cloud } = lesson;
  const { canvas } = cloud;
  const isMovable = () => sections.BY_HAND.has(lesson.section) && cloud.space === "rgb" && cloud.part === 1;
  const grabbed = (x, y) => (isMovable() ? cloud.centerAt(x, y) : -1);
  const hover = ({ offsetX, offsetY }) => {
    canvas.style.cursor = grabbed(offsetX, offsetY) < 0 ? "" : "grab";
  };
  canvas.onpointerdown = ({ offsetX, offsetY, pointerId }) => {
    if (cloud.shows === "picture") {
      const pixel = loupe.pixelAt(cloud, offsetX * cloud.scale, offsetY * cloud.scale);
      if (pixel) lesson.look(pixel.row, pixel.column);
      return;
    }
    const index = grabbed(offsetX, offsetY);
    let isContinued = false;
    if (index >= 0) lesson.choose(index);
    canvas.setPointerCapture(pointerId);
    canvas.onpointermove = ({ movementX, movementY }) => {
      if (index < 0) return turning.drag(cloud, movementX, movementY);
      lesson.moveCenter(index, kmeans.toSteps(cloud.dragged(index, movementX, movementY)), isContinued);
      isContinued = true;
    };
  };
  canvas.onpointermove = hover;
  canvas.onpointerup = canvas.onpointercancel = () => {
    canvas.onpointermove = hover;
  };
  // A finger on a centre moves it; anywhere else, up and down scrolls the page.
  const hold = (event) => {
    const box = canvas.getBoundingClientRect();
    const [{ clientX, clientY }] = event.touches;
    if (grabbed(clientX - box.left, clientY - box.top) >= 0) event.preventDefault();
  };
  canvas.addEventListener("touchstart", hold, { passive: false });
}

/** Let pictures of one's own be chosen or dropped. */
function wireFiles(lesson) {
  const use = async (file) => {
    if (!file) return;
    try {
      lesson.open(await pictures.decoded(file, file.name), null);
      panels.tell({
        file: `${file.name} is shown now, on this machine only. Go back: everything is about it.`,
      });
    } catch {
      const advice = "is not a picture that this browser can open; choose a PNG or a JPEG.";
      panels.tell({ file: `${file.name} ${advice}` });
      lesson.say(`${file.name} ${advice}`);
    }
  };
  one("#file").onchange = ({ target }) => use(target.files[0]);
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    event.preventDefault();
    use(event.dataTransfer.files[0]);
  });
}

/** Let one go from section to section, by buttons, by scrolling and by focus. */
function wireSections(lesson) {
  const parts = all("section");
  let current = 0;
  let timer = null;
  let isGoing = false;
  const show = (index) => {
    if (index !== current) sections.enter(lesson, parts[index].id);
    current = index;
    for (const [i, part] of parts.entries()) {
      part.classList.toggle("now", i === current);
      // From a section's controls, Tab leads to the picture and the cloud, not through all other sections.
      for (const control of part.querySelectorAll("button, input, summary")) {
        control.tabIndex = i === current ? 0 : -1;
      }
    }
    one("#where").textContent = `${current + 1} of ${parts.length}: ${parts[current].dataset.name}`;
    one("#previous").setAttribute("aria-disabled", current === 0);
    one("#next").setAttribute("aria-disabled", current === parts.length - 1);
  };
  const later = (milliseconds, action) => {
    clearTimeout(timer);
    timer = setTimeout(action, milliseconds);
  };
  const go = (index) => {
    if (!parts[index]) return;
    isGoing = true;
    later(1000, () => {
      isGoing = false;
    });
    parts[index].scrollIntoView({ behavior: motion.wish.matches ? "auto" : "smooth", block: "start" });
    show(index);
  };
  one("#previous").onclick = () => go(current - 1);
  one("#next").onclick = () => go(current + 1);
  addEventListener("scroll", () => isGoing || later(120, () => show(readSection(parts))));
  for (const [i, part] of parts.entries()) part.addEventListener("focusin", () => isGoing || show(i));
  show(0);
}

/** Return the number of the section that lies where one reads. */
function readSection(parts) {
  const isPhone = matchMedia("(max-width: 899px)").matches;
  const top = isPhone ? one("#stage").getBoundingClientRect().bottom : 0;
  const line = top + (innerHeight - top) * 0.4;
  return Math.max(
    0,
    parts.findLastIndex((part) => part.getBoundingClientRect().top < line),
  );
}

const data = JSON.parse(one("#data").textContent);
data.starts = coding.bytesOf(data.starts);
const lesson = new Lesson();
for (const wire of [wireButtons, wireSliders, wirePicture, wireCloud, wireDragging, wireFiles]) wire(lesson);
new ResizeObserver(() => panels.drawCurve(lesson.session?.curve ?? [])).observe(one("#curve"));
const file = new Blob([coding.bytesOf(data.png)], { type: "image/png" });
lesson.open(await pictures.decoded(file, data.name), data);
wireSections(lesson);
Object.assign(window, { lesson, kmeans, spaces }); // for those who open the console
document.body.classList.add("ready");
