import { Room } from "./room.js";

/** How a room is turned and zoomed: by the keyboard and by hand. */
export const turning = (() => {
  const KEYS = {
    ArrowLeft: [-0.1, 0],
    ArrowRight: [0.1, 0],
    ArrowUp: [0, 0.1],
    ArrowDown: [0, -0.1],
    "+": [0, 0, 1.15],
    "-": [0, 0, 1 / 1.15],
  };
  const within = (value, least, most) => Math.min(most, Math.max(least, value));

  /** Turn by angles, and zoom. */
  function turn(room, yaw, pitch, zoom = 1) {
    const { camera } = room;
    camera.yaw += yaw;
    camera.pitch = within(camera.pitch + pitch, -1.5, 1.5);
    camera.zoom = within(camera.zoom * zoom, 0.5, 4);
    room.redraw();
  }

  /** Turn by a way along the screen. */
  const drag = (room, dx, dy) => turn(room, dx * 0.008, dy * 0.006);

  function home(room) {
    room.camera = { ...Room.HOME };
    room.redraw();
  }

  function press(room, event) {
    if (event.key === "Home") home(room);
    else if (event.key in KEYS) {
      turn(room, ...KEYS[event.key]);
      event.preventDefault();
    }
  }

  return { turn, drag, home, press };
})();
