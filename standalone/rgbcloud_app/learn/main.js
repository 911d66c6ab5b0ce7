import { Cloud, motion } from "./cloud.js";
import { experiments } from "./experiments.js";
import { kmeans } from "./kmeans.js";
import { Lesson } from "./learn.js";
import { loupe } from "./loupe.js";
import { panels } from "./panels.js";
import { pictures } from "./pictures.js";

/** Everything that can be pressed, dragged, dropped and scrolled; and the beginning. */
(async () => {
  const { one, all } = panels;
  const data = JSON.parse(one("#data").textContent);
  data.starts = pictures.bytesOf(data.starts);
  const lesson = new Lesson();
  window.lesson = lesson; // for those who open the console
  const { cloud } = lesson;

  // Buttons and sliders
  for (const button of all("[data-do]")) button.onclick = () => lesson[button.dataset.do]();
  const press = (id, action) => {
    one(id).onclick = action;
  };
  press("#bad", () => experiments.badStart(lesson));
  press("#ten", () => experiments.tenStarts(lesson));
  press("#strand", () => experiments.strand(lesson));
  press("#rescue", () => experiments.rescue(lesson));
  press("#fly", () => {
    const isThere = cloud.flight === 0;
    one("#fly").textContent = isThere ? "Back into the picture" : "Into the cloud";
    cloud.fly(isThere);
  });
  one("#power").onchange = () => experiments.weigh(lesson);
  one("#k").oninput = () => lesson.showBest(Number(one("#k").value));

  /** Make buttons of which one is on. */
  function choice(selector, options, choose) {
    const buttons = Object.entries(options).map(([name, text]) => {
      const button = panels.made("button", { type: "button", textContent: text });
      button.onclick = () => choose(name);
      button.dataset.name = name;
      return button;
    });
    one(selector).replaceChildren(...buttons);
    return (chosen) => {
      for (const button of buttons) button.setAttribute("aria-pressed", button.dataset.name === chosen);
    };
  }
  const showMode = choice(
    "[data-modes]",
    { original: "As it was", rebuilt: "Rebuilt", difference: "What is lost" },
    (mode) => {
      lesson.mode = mode;
      lesson.paint();
      showMode(mode);
    },
  );
  showMode("rebuilt");
  const showSpace = choice("[data-spaces]", { rgb: "RGB", oklab: "Oklab", cielab: "CIELAB" }, (space) => {
    cloud.morph(space);
    showSpace(space);
  });
  showSpace("rgb");
  lesson.showSpace = (space) => {
    cloud.morph(space);
    showSpace(space);
  };

  const sliders = ["red", "green", "blue"].map((name, axis) => {
    const input = panels.made("input", { type: "range", min: 0, max: 255, className: name });
    input.oninput = () => {
      const levels = kmeans.toLevels(
        lesson.session.centers.slice(3 * lesson.selected, 3 * lesson.selected + 3),
      );
      levels[axis] = Number(input.value);
      lesson.moveCenter(lesson.selected, kmeans.toSteps(levels));
    };
    return panels.made("div", {}, [input, panels.made("b")]);
  });
  const legend = panels.made("p", {}, ["Centre ", panels.made("b"), ":"]);
  legend.children[0].dataset.live = "chosen";
  one("[data-sliders]").replaceChildren(legend, ...sliders);

  // The picture
  const picture = one("#picture");
  picture.onclick = (event) => {
    const { width, height } = lesson.session.picture;
    const column = Math.floor((event.offsetX * width) / picture.clientWidth);
    const row = Math.floor((event.offsetY * height) / picture.clientHeight);
    lesson.take(Math.min(height - 1, Math.max(0, row)), Math.min(width - 1, Math.max(0, column)));
  };
  const WAYS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  const walk = (event) => {
    const { row, column } = loupe.pixel;
    const { width, height } = lesson.session.picture;
    const way = WAYS[event.key];
    if (way) {
      const far = event.shiftKey ? 16 : 1;
      lesson.look(
        Math.min(height - 1, Math.max(0, row + far * way[0])),
        Math.min(width - 1, Math.max(0, column + far * way[1])),
      );
    } else if (event.key === "Enter" || event.key === " ") lesson.take(row, column);
    else return;
    event.preventDefault();
  };

  picture.onkeydown = walk;

  // The cloud
  const turn = (yaw, pitch, zoom = 1) => {
    const { camera } = cloud;
    camera.yaw += yaw;
    camera.pitch = Math.min(1.5, Math.max(-1.5, camera.pitch + pitch));
    camera.zoom = Math.min(4, Math.max(0.5, camera.zoom * zoom));
    cloud.redraw();
  };
  const KEYS = {
    ArrowLeft: [-0.1, 0],
    ArrowRight: [0.1, 0],
    ArrowUp: [0, 0.1],
    ArrowDown: [0, -0.1],
    "+": [0, 0, 1.15],
    "-": [0, 0, 1 / 1.15],
  };
  cloud.canvas.onkeydown = (event) => {
    if (cloud.shows === "picture") walk(event);
    else if (event.key === "Home") cloud.camera = { ...Cloud.HOME };
    else if (!KEYS[event.key]) return;
    turn(...(KEYS[event.key] ?? [0, 0]));
    event.preventDefault();
  };
  cloud.canvas.ondblclick = () => {
    cloud.camera = { ...Cloud.HOME };
    cloud.redraw();
  };
  const isMovable = () => Lesson.BY_HAND.has(lesson.section) && cloud.space === "rgb" && cloud.part === 1;
  const grabbed = (event) => (isMovable() ? cloud.centerAt(event.offsetX, event.offsetY) : -1);
  cloud.canvas.onpointerdown = (event) => {
    if (cloud.shows === "picture") {
      const pixel = loupe.pixelAt(cloud, event.offsetX * cloud.scale, event.offsetY * cloud.scale);
      if (pixel) lesson.look(pixel.row, pixel.column);
      return;
    }
    const index = grabbed(event);
    let isContinued = false;
    if (index >= 0) lesson.choose(index);
    cloud.canvas.setPointerCapture(event.pointerId);
    cloud.canvas.onpointermove = ({ movementX, movementY }) => {
      if (index < 0) turn(movementX * 0.008, movementY * 0.006);
      else {
        lesson.moveCenter(index, kmeans.toSteps(cloud.dragged(index, movementX, movementY)), isContinued);
        isContinued = true;
      }
    };
  };
  cloud.canvas.onpointerup = cloud.canvas.onpointercancel = () => {
    cloud.canvas.onpointermove = (event) => {
      cloud.canvas.style.cursor = grabbed(event) < 0 ? "" : "grab";
    };
  };
  // A finger on a centre moves it; anywhere else, up and down scrolls the page.
  const hold = (event) => {
    const [touch] = event.touches;
    const box = cloud.canvas.getBoundingClientRect();
    if (isMovable() && cloud.centerAt(touch.clientX - box.left, touch.clientY - box.top) >= 0)
      event.preventDefault();
  };
  cloud.canvas.addEventListener("touchstart", hold, { passive: false });

  // Own pictures
  async function use(file) {
    try {
      lesson.open(await pictures.decoded(file, file.name), null);
      panels.tell({
        file: `${file.name} is shown now, on this machine only. Scroll up: everything is about it.`,
      });
    } catch {
      panels.tell({
        file: `${file.name} is not a picture that this browser can open; choose a PNG or a JPEG.`,
      });
    }
  }
  one("#file").onchange = ({ target }) => target.files[0] && use(target.files[0]);
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    event.preventDefault();
    const [file] = event.dataTransfer.files;
    if (file) use(file);
  });

  new ResizeObserver(() => panels.drawCurve(lesson.session?.curve ?? [])).observe(one("#curve"));

  // Sections
  const sections = all("section");
  let current = 0;
  let waiting = null;
  let isGoing = false;
  function show(index) {
    if (index === current) return;
    current = index;
    lesson.enter(sections[index].id);
    mark();
  }
  function mark() {
    for (const [i, section] of sections.entries()) section.classList.toggle("now", i === current);
    one("#where").textContent = `${current + 1} of ${sections.length}: ${sections[current].dataset.name}`;
    one("#previous").setAttribute("aria-disabled", current === 0);
    one("#next").setAttribute("aria-disabled", current === sections.length - 1);
  }
  function go(index) {
    if (!sections[index]) return;
    isGoing = true;
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      isGoing = false;
    }, 1000);
    sections[index].scrollIntoView({ behavior: motion.wish.matches ? "auto" : "smooth", block: "start" });
    show(index);
  }
  window.go = go;
  press("#previous", () => go(current - 1));
  press("#next", () => go(current + 1));
  /** Show the section that lies where one reads. */
  addEventListener("scroll", () => {
    if (isGoing) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const top = matchMedia("(max-width: 899px)").matches ? one("#stage").getBoundingClientRect().bottom : 0;
      const line = top + (innerHeight - top) * 0.4;
      const found = sections.findLastIndex((section) => section.getBoundingClientRect().top < line);
      show(Math.max(0, found));
    }, 120);
  });
  for (const [i, section] of sections.entries())
    section.addEventListener("focusin", () => isGoing || show(i));

  const png = new Blob([pictures.bytesOf(data.png)], { type: "image/png" });
  lesson.open(await pictures.decoded(png, data.name), data);
  mark();
  document.body.classList.add("ready");
})();
