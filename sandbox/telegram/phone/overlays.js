// What lies over the page: toasts, the alert, questions, menus, the picture viewer. Not here: who opens them and why.

import { Refused } from "./api.js";
import { byId, h, icon } from "./dom.js";

const TOAST_MS = 4500;

/** A line that goes away by itself. `kind` "error" stays twice as long. */
export function toast(text, kind = "info") {
  const line = h("div", { class: `toast ${kind}`, dir: "auto", dataset: { testid: "toast" } }, text);
  byId("toasts").append(line);
  setTimeout(() => line.remove(), kind === "error" ? TOAST_MS * 2 : TOAST_MS);
}

/** Runs an action and shows a refusal as a toast; answers what the action answered, or null. */
export async function attempt(action) {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    toast(error.message, "error");
    return null;
  }
}

function dialog(testid, label, ...content) {
  const box = h("dialog", { class: "dialog", "aria-label": label, dataset: { testid } }, ...content);
  box.addEventListener("click", (event) => event.target === box && box.close());
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
  return box;
}

/** The bot's words in a box with OK, as answerCallbackQuery with show_alert makes. */
export function alertBox(text, title) {
  const box = dialog("alert", title, h("h2", { dir: "auto" }, title), h("p", { dir: "auto" }, text));
  const ok = h("button", { type: "button", class: "dialog-button strong", onclick: () => box.close() }, "OK");
  box.append(h("div", { class: "dialog-buttons" }, ok));
  ok.focus();
}

/** Resolves true when the person agreed. */
export function confirmBox(question, yes, { danger = false } = {}) {
  return new Promise((resolve) => {
    const box = dialog("confirm", question, h("p", { dir: "auto" }, question));
    let agreed = false;
    const agree = h("button", { type: "button", class: `dialog-button strong ${danger ? "danger" : ""}`, onclick: () => { agreed = true; box.close(); } }, yes);
    const cancel = h("button", { type: "button", class: "dialog-button", onclick: () => box.close() }, "Cancel");
    box.append(h("div", { class: "dialog-buttons" }, cancel, agree));
    box.addEventListener("close", () => resolve(agreed));
    agree.focus();
  });
}

/** A form in a box: `fields` are elements, `read` makes the answer; resolves null when closed without. */
export function formBox(title, fields, yes, read) {
  return new Promise((resolve) => {
    let answer = null;
    const cancel = h("button", { type: "button", class: "dialog-button", onclick: () => box.close() }, "Cancel");
    const agree = h("button", { type: "submit", class: "dialog-button strong" }, yes);
    const form = h("form", { class: "form" }, h("h2", {}, title), ...fields, h("div", { class: "dialog-buttons" }, cancel, agree));
    const box = dialog("form", title, form);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      answer = read();
      box.close();
    });
    box.addEventListener("close", () => resolve(answer));
  });
}

/** A list to choose one of; resolves its value or null. Items: {label, hint?, picture?, value}. */
export function pickBox(title, items) {
  return new Promise((resolve) => {
    let chosen = null;
    const rows = items.map((item) =>
      h("button", { type: "button", class: "pick", onclick: () => { chosen = item.value; box.close(); } },
        item.picture ?? null, h("span", { dir: "auto" }, item.label)));
    const box = dialog("pick", title, h("h2", {}, title), h("div", { class: "picks" }, rows),
      h("div", { class: "dialog-buttons" }, h("button", { type: "button", class: "dialog-button", onclick: () => box.close() }, "Cancel")));
    box.addEventListener("close", () => resolve(chosen));
  });
}

/** The picture large; a click or Escape closes it. */
export function viewPhoto(url) {
  const box = dialog("viewer", "Photo", h("img", { src: url, alt: "Photo, enlarged" }));
  box.classList.add("viewer");
  const close = h("button", { type: "button", class: "icon-button viewer-close", "aria-label": "Close", onclick: () => box.close() }, icon("close"));
  box.append(close);
  box.querySelector("img").addEventListener("click", () => box.close());
}

let openMenu = null;

export function closeMenu() {
  openMenu?.close();
}

/** A menu at a point or under an element. Items: {label, hint?, icon?, danger?, act} or null (left out). Focus returns on close. */
export function menu(place, items, label = "Menu") {
  closeMenu();
  const back = document.activeElement;
  const box = h("div", { class: "menu", role: "menu", "aria-label": label, dataset: { testid: "menu" } });
  const close = (refocus = true) => {
    if (openMenu?.box !== box) return;
    openMenu = null;
    box.remove();
    document.removeEventListener("pointerdown", outside, true);
    if (refocus) back?.focus?.();
  };
  const outside = (event) => !box.contains(event.target) && close(false);
  for (const item of items.filter(Boolean)) box.append(menuItem(item, close));
  box.addEventListener("keydown", (event) => walk(event, box, close));
  document.body.append(box);
  openMenu = { box, close };
  placeAt(box, place);
  document.addEventListener("pointerdown", outside, true);
  box.firstElementChild?.focus();
}

function menuItem(item, close) {
  const act = () => {
    close();
    item.act();
  };
  return h("button", { type: "button", role: "menuitem", tabindex: "-1", class: item.danger ? "menu-item danger" : "menu-item", onclick: act },
    item.icon ? icon(item.icon, 20) : null, h("span", { class: "menu-label" }, item.label), item.hint ? h("span", { class: "menu-hint", dir: "auto" }, item.hint) : null);
}

function walk(event, box, close) {
  const items = [...box.children];
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    event.stopPropagation();
    close();
  } else if (to !== undefined) {
    event.preventDefault();
    items[(to + items.length) % items.length].focus();
  }
}

function placeAt(box, place) {
  const from = place instanceof Element ? place.getBoundingClientRect() : { left: place.x, right: place.x, top: place.y, bottom: place.y };
  const { width, height } = box.getBoundingClientRect();
  const margin = 8;
  const left = Math.max(margin, Math.min(from.left, window.innerWidth - width - margin));
  const below = from.bottom + 4;
  const top = below + height + margin <= window.innerHeight ? below : Math.max(margin, from.top - height - 4);
  box.style.left = `${left}px`;
  box.style.top = `${top}px`;
}
