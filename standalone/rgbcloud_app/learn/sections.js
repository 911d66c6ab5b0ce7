import { Room } from "../viewer/room.js";
import { balloon } from "./balloon.js";
import { panels } from "./panels.js";
import { starts } from "./starts.js";

/** What each section of the lesson shows when one comes to it. */
export const sections = {
  /** Those in which a click on the picture, and dragging, move a centre. */
  BY_HAND: new Set(["three", "hands", "starts", "empty", "rare", "how-many"]),

  enter(lesson, name) {
    const left = lesson.section;
    lesson.section = name;
    lesson.halt();
    if (left === "rebuilt") lesson.showMode("rebuilt");
    if (left === "rare" && left !== name) balloon.remove(lesson);
    if (left === "rooms" && left !== name) lesson.showSpace("rgb");
    const isLook = ["pixel", "point", "cloud-of-all"].includes(name);
    panels.one("#stage").className = isLook ? (name === "pixel" ? "look hero" : "look") : "";
    this.showRoom(lesson.cloud, name);
    if (isLook) {
      lesson.session.clear();
      lesson.refresh(true);
      lesson.say("");
    } else this.fill(lesson, name);
  },

  /** Let the room show the picture, one point, or all: these fly there. */
  showRoom(cloud, name) {
    panels.one("#fly").textContent = "Back into the picture";
    if (name === "pixel" || name === "point") {
      cloud.shows = name === "pixel" ? "picture" : "pixel";
      cloud.flight = 1;
      return;
    }
    if (cloud.shows !== "cloud") {
      cloud.shows = "cloud";
      cloud.flight = 0;
      cloud.camera = { ...Room.HOME };
    }
    if (cloud.flight < 1) cloud.fly(true);
  },

  fill(lesson, name) {
    const best = { rebuilt: 3, sixteen: 16, hands: 5, empty: 3, rooms: 16, yours: 16 };
    if (name in best) lesson.showBest(best[name]);
    if (name === "three") {
      lesson.begin(3, 0);
      lesson.say("Three pixels, drawn at random, are the centres. Now press Assign.");
    } else if (name === "empty") {
      lesson.choose(lesson.session.k - 1);
      panels.tell({ empty: "" });
    } else if (name === "starts") starts.begin(lesson);
    else if (name === "rare") balloon.add(lesson);
    else if (name === "how-many") lesson.showBest(Number(panels.one("#k").value));
  },
};
