// Building elements and icons from data. Here: the one way anything gets into the page, always as text, never as markup.
// Not here: what the elements mean.

const PATHS = {
  back: "M15 5l-7 7 7 7",
  more: "M12 5.5v.01M12 12v.01M12 18.5v.01",
  clip: "M20 11.5l-8.3 8.2a5.2 5.2 0 0 1-7.4-7.3l8.4-8.4a3.5 3.5 0 0 1 5 5l-8.4 8.3a1.8 1.8 0 0 1-2.5-2.5l7.6-7.6",
  send: "M4.5 12L3.5 4.5 21 12 3.5 19.5zM4.5 12H12",
  down: "M5 9l7 7 7-7",
  check: "M2.5 12.5l4.5 4.5L16 8M12 16l1 1 9-9",
  shield: "M12 3l7.5 2.8v5.4c0 4.6-3.1 8-7.5 9.8-4.4-1.8-7.5-5.2-7.5-9.8V5.8zM9 11.8l2.2 2.2 4-4.2",
  lock: "M6.5 11h11a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1zM8 11V8a4 4 0 0 1 8 0v3",
  reply: "M10 6l-6 5.5 6 5.5v-3.5c5 0 8 1.5 10 5 0-6-3.5-9.5-10-9.5z",
  forward: "M14 6l6 5.5-6 5.5v-3.5c-5 0-8 1.5-10 5 0-6 3.5-9.5 10-9.5z",
  edit: "M4.5 19.5l1-4L16 5l3 3L8.5 18.5zM14 7l3 3",
  trash: "M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7M10.5 10.5v5.5M13.5 10.5v5.5",
  copy: "M9 9h10v10.5H9zM15 9V4.5H5V15h4",
  photo: "M4 5.5h16v13H4zM4 16l4.5-4.5 4 4 2.5-2.5L20 17M15.5 9.2v.01",
  film: "M4 6h16v12H4zM10.5 9.5v5l4-2.5z",
  file: "M7 3.5h7l4.5 4.5v12.5H7zM14 3.5V8h4.5",
  gif: "M4 6.5h16v11H4zM10 10.5a2 2 0 1 0 .3 2.5v-1H9M13 10v4M15.5 14v-4h2.5M15.5 12h2",
  close: "M6 6l12 12M18 6L6 18",
  warn: "M12 4l9 15.5H3zM12 10v4.5M12 17v.01",
  external: "M8 16L17 7M10 7h7v7",
  people: "M9 11.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM3.5 19c.3-3.2 2.4-5 5.5-5s5.2 1.8 5.5 5M16 11a2.5 2.5 0 1 0-.8-4.9M17 14c2.2.4 3.4 2 3.6 4.5",
  person: "M12 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM5 20c.4-3.8 3-6 7-6s6.6 2.2 7 6",
  window: "M4 5.5h16v13H4zM4 9.5h16",
  block: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM6.5 6.5l11 11",
  keyboard: "M3.5 7h17v10.5h-17zM7 10.5v.01M10.3 10.5v.01M13.7 10.5v.01M17 10.5v.01M8 14.3h8",
  play: "M8 5.5l10.5 6.5L8 18.5z",
  feather: "M19 4.5c-6.5 0-11 4-12 9.5l-2.5 6 3-3.5c6 .2 10.5-3.3 11.5-12zM7.5 16.5L14 9.5",
  poll: "M6 19v-7M12 19V5M18 19v-4",
  quote: "M5 7h14M5 12h9M5 17h11",
};
const SVG = "http://www.w3.org/2000/svg";

/** An icon of ours; decorative, so hidden from screen readers. */
export function icon(name, size = 24) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", width: size, height: size, "aria-hidden": "true", class: `icon icon-${name}` })) {
    svg.setAttribute(key, value);
  }
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** h("button", {class: "x", onclick: f, dataset: {testid: "send"}}, "text", node): attributes, listeners, children. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "dataset") Object.assign(element.dataset, value);
    else if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const byId = (id) => document.getElementById(id);

/** A round picture, or two letters on a colour that stays the same for the same id. */
export function avatar(id, name, { photo = null, bot = false, size = "" } = {}) {
  const round = h("span", { class: `avatar hue-${Math.abs(Number(id) || 0) % 7} ${size}`, "aria-hidden": "true" });
  if (photo) round.append(h("img", { src: photo, alt: "" }));
  else if (bot) round.append(icon("feather", 26));
  else round.append(initials(name));
  return round;
}

function initials(name) {
  const words = String(name ?? "").trim().split(/\s+/u).filter(Boolean);
  return words.slice(0, 2).map((word) => [...word][0].toLocaleUpperCase()).join("") || "?";
}

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const WEEKDAY = new Intl.DateTimeFormat(undefined, { weekday: "short" });
const DAY = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long" });

export const clockTime = (seconds) => CLOCK.format(new Date(seconds * 1000));
export const dayOf = (seconds) => new Date(seconds * 1000).toDateString();

/** "Today", "Yesterday" or the date, for the line between days. */
export function dayName(seconds) {
  const then = new Date(seconds * 1000);
  const today = new Date();
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (then.toDateString() === today.toDateString()) return "Today";
  if (then.toDateString() === yesterday.toDateString()) return "Yesterday";
  return DAY.format(then);
}

/** For the chat list: the time today, else the weekday. */
export const shortWhen = (seconds) =>
  dayOf(seconds) === new Date().toDateString() ? clockTime(seconds) : WEEKDAY.format(new Date(seconds * 1000));

export const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Says a sentence to screen readers without showing it. */
export function announce(text) {
  const place = byId("announcer");
  place.replaceChildren(h("p", {}, text));
}
