import { coding } from "../viewer/coding.js";
import { kmeans } from "./kmeans.js";

/** The small things around the cloud: figures, bars, the curve of the error, the palette. */
export const panels = (() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const one = (selector) => document.querySelector(selector);
  const count = (number) => Math.round(number).toLocaleString("en");
  const percent = (part) => `${(100 * part).toFixed(part < 0.1 ? 1 : 0)} %`;
  const css = (color) => `rgb(${Array.from(color, Math.round)})`;
  const NAMES = ["red", "green", "blue"];

  /** Write texts wherever the page has a place for them. */
  function tell(texts) {
    for (const [name, text] of Object.entries(texts)) {
      for (const element of all(`[data-live="${name}"]`)) element.textContent = text;
    }
  }

  const paintSwatch = (name, color) => {
    for (const element of all(`[data-swatch="${name}"]`)) element.style.background = css(color);
  };

  function made(tag, properties = {}, children = []) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  }

  /** Draw a pixel's three numbers as bars, and divided by 255. */
  function drawNumbers(color) {
    const row = (axis, text) => {
      const bar = made("i", { className: NAMES[axis] });
      bar.style.width = `${color[axis] / 2.55}%`;
      const name = made("span", { textContent: NAMES[axis] });
      return made("div", {}, [
        name,
        made("span", { className: "track" }, [bar]),
        made("b", { textContent: text }),
      ]);
    };
    for (const box of all("[data-bars]")) {
      const swatch = made("span", { className: "swatch large" });
      swatch.style.background = css(color);
      box.replaceChildren(
        swatch,
        made(
          "div",
          {},
          color.map((level, axis) => row(axis, `${level}`)),
        ),
      );
    }
    for (const box of all("[data-divided]")) {
      const divided = color.map((level, axis) => row(axis, `${level} / 255 = ${(level / 255).toFixed(2)}`));
      box.replaceChildren(made("div", {}, divided));
    }
  }

  /** Draw rows of a name, a bar and a text: [name, size, text, color]. */
  function drawBars(box, rows) {
    const most = Math.max(...rows.map((row) => row[1]));
    box.replaceChildren(
      ...rows.map(([name, size, text, kind]) => {
        const bar = made("i", { className: kind });
        bar.style.width = `${(100 * size) / most}%`;
        const track = made("span", { className: "track" }, [bar]);
        return made("div", {}, [
          made("span", { textContent: name }),
          track,
          made("b", { textContent: text }),
        ]);
      }),
    );
  }

  /** Draw the numbers that a file holds for some pixels. */
  function drawIndices({ width }, labels, colors, { top, left, rows, columns }, pixel) {
    const box = one("[data-indices]");
    box.style.gridTemplateColumns = `repeat(${columns}, 1fr)`;
    const first = Math.min(Math.max(0, pixel.row - top - 2), Math.max(0, rows - 5));
    const cells = [];
    for (let row = first; row < Math.min(rows, first + 5); row++) {
      for (let column = 0; column < columns; column++) {
        const label = labels[(top + row) * width + left + column];
        const color = colors.subarray(3 * label, 3 * label + 3);
        const isPixel = top + row === pixel.row && left + column === pixel.column;
        const cell = made("span", { textContent: `${label + 1}`, className: isPixel ? "here" : "" });
        cell.style.background = css(color);
        cell.style.color = coding.isLight(color) ? "#000" : "#fff";
        cells.push(cell);
      }
    }
    box.replaceChildren(...cells);
  }

  function svg(tag, attributes) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  }

  /** Draw the error after every step; where a centre was moved by hand, the curve begins anew. */
  function drawCurve(curve) {
    const box = one("#curve");
    const [width, height] = [box.clientWidth || 300, box.clientHeight || 120];
    box.setAttribute("viewBox", `0 0 ${width} ${height}`);
    box.replaceChildren();
    const most = Math.max(...curve.map(({ error }) => error), 1);
    const x = (i) => 10 + (i * (width - 20)) / Math.max(8, curve.length - 1);
    const y = (error) => height - 8 - (error / most) * (height - 36);
    box.append(svg("line", { x1: 0, x2: width, y1: y(0), y2: y(0), class: "ground" }));
    const label = svg("text", { x: 4, y: 13 });
    label.textContent = curve.length ? "the error" : "the error will show here, step by step";
    box.append(label);
    if (curve.length) {
      const [end, { error }] = [x(curve.length - 1), curve[curve.length - 1]];
      const isLeft = end < 100; // there it would lie on the other text
      const place = isLeft ? { x: end + 9, y: y(error) + 5 } : { x: end, y: y(error) - 9 };
      const figure = svg("text", { ...place, class: "figure", "text-anchor": isLeft ? "start" : "end" });
      figure.textContent = count(error);
      box.append(figure);
    }
    for (let i = 1; i < curve.length; i++) {
      const ends = { x1: x(i - 1), y1: y(curve[i - 1].error), x2: x(i), y2: y(curve[i].error) };
      box.append(svg("line", { ...ends, class: curve[i].kind === "hand" ? "break" : "fall" }));
    }
    curve.forEach(({ kind, error }, i) => {
      box.append(svg("circle", { cx: x(i), cy: y(error), r: curve.length > 40 ? 2 : 3.5, class: kind }));
    });
  }

  /** Draw the palette as radio buttons: one tab stop, arrow keys inside. */
  function drawPalette(colors, sizes, selected, choose) {
    const box = one("#palette");
    const k = colors.length / 3;
    if (box.childElementCount !== k) {
      const options = Array.from({ length: k }, (_, i) => {
        const input = made("input", { type: "radio", name: "center", onchange: () => choose(i) });
        return made("label", {}, [input, made("span")]);
      });
      box.replaceChildren(...options);
    }
    box.classList.toggle("many", k > 16);
    const total = sizes?.reduce((sum, size) => sum + size, 0);
    [...box.children].forEach((option, i) => {
      const color = colors.subarray(3 * i, 3 * i + 3);
      const [input, face] = option.children;
      input.checked = i === selected;
      const share = sizes ? percent(sizes[i] / total) : "";
      input.setAttribute("aria-label", `Centre ${i + 1}: ${Array.from(color).join(", ")}; ${share}`);
      face.style.background = css(color);
      face.style.color = coding.isLight(color) ? "#000" : "#fff";
      face.replaceChildren(`${i + 1}`, made("small", { textContent: k <= 8 ? share : "" }));
      option.title = `${Array.from(color).join(", ")} ${share}`;
    });
  }

  /** Draw, for every K, the bytes as a bar and the error as a curve. */
  function drawChart(rows, most, k) {
    const box = one("[data-chart]");
    const [width, height] = [320, 130];
    const chart = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img" });
    chart.setAttribute("aria-label", "Bytes and error for every number of colours");
    const bytes = Math.max(...rows.map((row) => row.bytes ?? 0), 1);
    const error = Math.max(...rows.filter((row) => row.k > 1).map((row) => row.error), 1);
    const step = width / most;
    const line = [];
    for (const row of rows) {
      const size = ((row.bytes ?? 0) / bytes) * (height - 20);
      const place = { x: (row.k - 1) * step + 1, y: height - size, width: step - 2, height: size };
      chart.append(svg("rect", { ...place, class: row.k === k ? "now" : "" }));
      line.push(`${(row.k - 0.5) * step},${Math.max(2, height - (row.error / error) * (height - 20))}`);
    }
    chart.append(svg("polyline", { points: line.join(" ") }));
    const key = ["bytes", "error"].flatMap((name) => [made("i", { className: name }), ` ${name} `]);
    box.replaceChildren(chart, made("p", {}, key));
  }

  /** Tell what files take: of the number of colours that is shown, of 16, and of 3. */
  function tellCosts([row, ...others], full, costs) {
    const { k, bytes, palette, indices, depth } = row;
    const typical = ({ error }) => count(Math.sqrt(error));
    const bits = `${depth} bit${depth > 1 ? "s" : ""}`;
    tell({
      anatomy: `Each number takes ${bits}. Then all are packed: rows of like numbers take less room.`,
      cost: `${count(bytes)} bytes, ${percent(bytes / full)} of what all colours take; typically ${typical(row)} off.`,
      "typical-16": typical(others[0]),
      wanted: k,
    });
    const wrapping = bytes - palette - indices;
    drawBars(one("[data-parts]"), [
      ["palette", palette, `${k} x 3 = ${count(palette)} bytes`, "accent"],
      ["numbers", indices, count(indices), "plain"],
      ["wrapping", wrapping, count(wrapping), "faint"],
    ]);
    drawBars(one("[data-costs]"), [
      ["all colours", full, `${count(full)} bytes`, "faint"],
      ...others.map((other) => {
        const size = `${count(other.bytes)} (${percent(other.bytes / full)})`;
        return [`K = ${other.k}`, other.bytes, size, "accent"];
      }),
    ]);
    drawChart(costs.known, costs.most, k);
  }

  /** Return a button that offers an end of k-means: its colours, its error as a bar, a text. */
  function madeOffer({ centers, error }, part, text, name, choose) {
    const colors = kmeans.toColors(centers);
    const strip = made("span", { className: "strip" });
    for (let i = 0; i < colors.length; i += 3) {
      const face = made("i");
      face.style.background = css(colors.subarray(i, i + 3));
      strip.append(face);
    }
    const bar = made("i", { className: text === "best" ? "accent" : "plain" });
    bar.style.width = `${100 * part}%`;
    const track = made("span", { className: "track" }, [bar]);
    const button = made("button", { type: "button", onclick: choose }, [
      strip,
      track,
      made("b", { textContent: text }),
    ]);
    button.setAttribute("aria-label", `${name}: error ${count(error)}, ${text}`);
    return button;
  }

  return {
    all,
    one,
    made,
    count,
    percent,
    css,
    tell,
    paintSwatch,
    drawNumbers,
    drawBars,
    drawIndices,
    drawCurve,
    drawPalette,
    madeOffer,
    tellCosts,
  };
})();
