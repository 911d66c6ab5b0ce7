import { coding } from "./coding.js";
import { between } from "./motion.js";

/** What is drawn around the points of a cloud: the cube of all colours, names, ways and centres. */
export const marks = (() => {
  const AXES = ["#ff6b66", "#5be38a", "#6db3ff"]; // red, green, blue
  const CORNERS = [
    ["red", [255, 0, 0], AXES[0], 24, 12],
    ["green", [0, 255, 0], AXES[1], 22, -12],
    ["blue", [0, 0, 255], AXES[2], -26, -8],
    ["black", [0, 0, 0], "#b8bcc0", -12, 14],
    ["white", [255, 255, 255], "#ffffff", 0, -14],
  ];

  /** Draw those of the cube's twelve edges that lie behind the points, or before; spaces bend them. */
  function drawEdges(cloud, isBehind) {
    for (let edge = 0; edge < 12; edge++) {
      const axis = edge % 3;
      const [one, other] = [edge < 6 ? 0 : 255, edge % 6 < 3 ? 0 : 255];
      const places = Array.from({ length: 13 }, (_, i) => {
        const color = [0, 0, 0];
        color[axis] = (255 * i) / 12;
        color[(axis + 1) % 3] = one;
        color[(axis + 2) % 3] = other;
        return cloud.placeOf(color);
      });
      const isAxis = one + other === 0;
      if ((isAxis || cloud.seen(places[6])[1] > 0) === isBehind) {
        drawLine(cloud, places, isAxis ? AXES[axis] : "#ffffff3d", 1);
      }
    }
  }

  function drawLine(cloud, places, color, width) {
    const { context, scale } = cloud;
    context.beginPath();
    for (const place of places) context.lineTo(...cloud.onScreen(place).slice(0, 2));
    context.strokeStyle = color;
    context.lineWidth = width * scale;
    context.stroke();
  }

  function drawText(cloud, text, place, color, dx, dy) {
    const { context, scale } = cloud;
    const [x, y] = cloud.onScreen(place);
    context.font = `600 ${13 * scale}px system-ui, sans-serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.strokeStyle = "#202224";
    context.lineWidth = 3 * scale;
    context.strokeText(text, x + dx * scale, y + dy * scale);
    context.fillStyle = color;
    context.fillText(text, x + dx * scale, y + dy * scale);
  }

  /** Write names at the corners of the cube. */
  function drawNames(cloud) {
    for (const [name, corner, color, dx, dy] of CORNERS) {
      drawText(cloud, name, cloud.placeOf(corner), color, dx, dy);
    }
  }

  /** Draw the way from black to the point of a pixel: so far to the right, to the back, and up. */
  function drawLegs(cloud) {
    const [red, green, blue] = cloud.spot;
    const ends = [
      [0, 0, 0],
      [red, 0, 0],
      [red, green, 0],
      [red, green, blue],
    ];
    const places = ends.map((color) => cloud.placeOf(color));
    for (const [axis, level] of cloud.spot.entries()) {
      drawLine(cloud, places.slice(axis, axis + 2), AXES[axis], 4);
      const middle = between(places[axis], places[axis + 1], 0.5);
      const [dx, dy] = [
        [0, 18],
        [30, 10],
        [30, 0],
      ][axis];
      drawText(cloud, (level / 255).toFixed(2), middle, AXES[axis], dx, dy);
    }
    drawBall(cloud, places[3], cloud.spot, "", 13, false);
  }

  /** Draw the ways that centres have come. */
  function drawTrails(cloud) {
    if (!cloud.trails.length) return;
    for (const [i, { levels }] of cloud.centers.entries()) {
      const past = cloud.trails.map((centers) => centers.slice(3 * i, 3 * i + 3));
      drawLine(
        cloud,
        [...past, levels].map((color) => cloud.placeOf(color)),
        "#ffffffb0",
        1.5,
      );
    }
  }

  /** Draw the centres, the near ones over the far ones. */
  function drawCenters(cloud) {
    const most = cloud.centers.length > 16 ? 9 : 12;
    const radius = Math.min(most, Math.max(7, cloud.focus / cloud.scale / 18));
    const balls = cloud.centers.map((center, i) => ({ i, ...center, place: cloud.placeOf(center.levels) }));
    balls.sort((one, other) => cloud.seen(other.place)[1] - cloud.seen(one.place)[1]);
    for (const { i, color, name, place } of balls) {
      drawBall(cloud, place, color, name, radius, i === cloud.selected);
    }
  }

  function drawBall(cloud, place, color, name, radius, isSelected) {
    const { context, scale } = cloud;
    const [x, y] = cloud.onScreen(place);
    const disc = (size, fill) => {
      context.beginPath();
      context.arc(x, y, size * scale, 0, 7);
      context.fillStyle = fill;
      context.fill();
    };
    if (isSelected) disc(radius + 6, "#ffd54a");
    disc(radius + 3.5, "#1b1c1e");
    disc(radius + 2, "#ffffff");
    disc(radius, `rgb(${color})`);
    context.font = `700 ${(radius - 1) * scale}px system-ui, sans-serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillStyle = coding.isLight(color) ? "#000" : "#fff";
    context.fillText(name, x, y + scale * 0.5);
  }

  return { drawEdges, drawNames, drawLegs, drawTrails, drawCenters };
})();
