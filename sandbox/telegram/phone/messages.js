// One message, album or service line as an element. Not here: the list they stand in, what pressing does (see `act`).

import { avatar, clockTime, h, icon } from "./dom.js";
import { richText, safeUrl } from "./entities.js";

export const bodyOf = (message) => message.text ?? message.caption ?? "";

/** A short line for lists, replies and announcements. */
export function summary(message) {
  if (message.service) return message.service;
  const kind = message.photo ? "Photo" : message.video ? "Video" : message.animation ? "GIF" : message.document ? message.document.name : message.poll ? message.poll.question : "";
  return bodyOf(message) || kind || mediaName(message) || "Message";
}

const mediaName = (message) => ["sticker", "voice", "audio"].find((kind) => message[kind]) ?? "";

export const senderName = (message) => message.sender_chat?.title ?? message.from?.first_name ?? "Somebody";

/**
 * A row: one message, or the several of an album.
 * `look` says how it stands among its neighbours: {first, last, group}; `act` what its parts do.
 */
export function messageRow(messages, look, act) {
  if (messages[0].service) return serviceLine(messages[0]);
  return messages.length > 1 ? albumRow(messages, look, act) : singleRow(messages[0], look, act);
}

function serviceLine(message) {
  return h("div", { class: "row service-row", dataset: hooks(message) }, h("p", { class: "service", dir: "auto" }, message.service));
}

const hooks = (message) => ({ testid: "message", messageId: message.message_id, out: Boolean(message.out) });

function rowClass(message, look) {
  const side = message.out ? "out" : "in";
  return `row message-row ${side} ${look.first ? "first" : ""} ${look.last ? "last" : ""} ${look.group ? "grouped" : ""}`;
}

function singleRow(message, look, act) {
  const stack = h("div", { class: "stack" }, bubble(message, look, act), inlineKeyboard(message, act), reactions(message), moreButton(message, act));
  const row = h("article", { class: rowClass(message, look), tabindex: "-1", "aria-label": spoken(message), dataset: hooks(message) },
    face(message, look), stack);
  listen(row, message, act);
  return row;
}

const spoken = (message) => `${message.out ? "You" : senderName(message)}, ${clockTime(message.date)}`;

function face(message, look) {
  if (!look.group || message.out) return null;
  if (!look.last) return h("span", { class: "face" });
  return h("span", { class: "face" }, avatar(message.from?.id, senderName(message), { bot: message.from?.is_bot, size: "small" }));
}

function listen(element, message, act) {
  element.addEventListener("dblclick", (event) => !event.target.closest("button,a,video,[role=button]") && act.reply(message));
  element.addEventListener("contextmenu", (event) => {
    if (event.target.closest("a")) return;
    event.preventDefault();
    event.stopPropagation();
    act.menu(message, { x: event.clientX, y: event.clientY });
  });
  element.addEventListener("keydown", (event) => {
    if (event.target !== element || !(event.key === "Enter" || event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey))) return;
    event.preventDefault();
    act.menu(message, element);
  });
}

function bubble(message, look, act) {
  const body = bodyOf(message);
  const media = mediaPart(message, act);
  const name = look.group && look.first && !message.out ? h("p", { class: `sender hue-text-${Math.abs(message.from?.id ?? 0) % 7}`, dir: "auto" }, senderName(message)) : null;
  const parts = [name, forwarded(message), via(message), quoted(message, act), media];
  const text = body ? h("div", { class: "text", dir: "auto" }, richText(body, message.entities, act), stamp(message)) : null;
  const bare = media && !body && !name && !message.document && !message.poll;
  return h("div", { class: `bubble ${media && !message.poll ? "with-media" : ""} ${bare ? "bare" : ""}` }, ...parts, text, body ? null : stamp(message));
}

/** For pointers: appears on hover; the keyboard's way is Enter on the message. */
function moreButton(message, act) {
  return h("button", { type: "button", class: "more", tabindex: "-1", "aria-label": "Message menu", dataset: { testid: "message-menu" },
    onclick: (event) => act.menu(message, event.currentTarget) }, icon("down", 16));
}

function stamp(message) {
  const edited = message.edit_date ? h("span", { class: "edited" }, "edited ") : null;
  return h("span", { class: "stamp", dir: "ltr" }, edited, h("time", { datetime: new Date(message.date * 1000).toISOString() }, clockTime(message.date)),
    message.out ? icon("check", 15) : null);
}

function forwarded(message) {
  const from = message.forward_from;
  if (!from) return null;
  const name = from.first_name ?? from.title ?? "somebody";
  return h("p", { class: "forwarded" }, icon("forward", 14), "Forwarded from ", h("bdi", {}, name));
}

/** By way of which bot it was written. */
const via = (message) => (message.via ? h("p", { class: "forwarded" }, "via ", h("bdi", {}, `@${message.via}`)) : null);

function quoted(message, act) {
  const reply = message.reply_to;
  if (!reply) return null;
  const who = reply.from.first_name;
  return h("button", { type: "button", class: "quoted", onclick: () => act.jump(reply.message_id) },
    h("span", { class: "quoted-name", dir: "auto" }, who), h("span", { class: "quoted-text", dir: "auto" }, reply.text || "Photo"));
}

function mediaPart(message, act) {
  if (message.photo) return covered(message, photo(message, act));
  if (message.animation) return covered(message, message.mime?.startsWith("image/") ? gif(message.animation) : moving(message.animation, true));
  if (message.video) return covered(message, moving(message.video, false));
  if (message.document) return fileCard(message.document);
  if (message.poll) return pollCard(message.poll);
  const other = mediaName(message);
  return other ? h("p", { class: "other-media" }, icon("file", 20), other) : null;
}

function photo(message, act) {
  return h("button", { type: "button", class: "photo", "aria-label": "Photo, press to enlarge", onclick: () => act.photo(message.photo) },
    h("img", { src: message.photo, alt: "Photo", loading: "eager" }));
}

/** A GIF file sent as animation is a picture; Telegram's own animations are silent films. */
const gif = (url) => h("div", { class: "film gif" }, h("img", { src: url, alt: "GIF" }), h("span", { class: "media-tag" }, "GIF"));

function moving(url, animation) {
  const film = h("video", { src: url, controls: !animation, autoplay: animation, loop: animation, playsinline: true, preload: "metadata", "aria-label": animation ? "GIF" : "Video" });
  film.muted = animation;
  return h("div", { class: animation ? "film gif" : "film" }, film, animation ? h("span", { class: "media-tag" }, "GIF") : null);
}

function covered(message, media) {
  const hidden = message.spoiler;
  if (!hidden) return media;
  const cover = h("button", { type: "button", class: "media-cover", "aria-label": "Hidden picture, press to reveal" });
  cover.addEventListener("click", () => cover.remove());
  return h("div", { class: "covered" }, media, cover);
}

function fileCard(file) {
  const content = [h("span", { class: "file-round" }, icon("file", 22)), h("span", { class: "file-name", dir: "auto" }, file.name ?? "File")];
  return file.url ? h("a", { class: "file", href: file.url, target: "_blank", rel: "noopener", download: file.name ?? "" }, content) : h("p", { class: "file" }, content);
}

/** Nobody votes here: the options are only shown. */
function pollCard(poll) {
  const option = (text, index) => h("li", { class: poll.correct.includes(index) ? "poll-option right" : "poll-option", dir: "auto" }, text);
  return h("div", { class: "poll", dataset: { testid: "poll" } }, h("p", { class: "poll-question", dir: "auto" }, poll.question), h("p", { class: "poll-kind" }, poll.kind),
    h("ul", { class: "poll-options" }, poll.options.map(option)));
}

function albumRow(messages, look, act) {
  const captioned = messages.find(bodyOf);
  const tiles = messages.map((message) => tile(message, act));
  const first = messages[0];
  const text = captioned ? h("div", { class: "text", dir: "auto" }, richText(bodyOf(captioned), captioned.entities, act), stamp(captioned)) : stamp(first);
  const name = look.group && look.first && !first.out ? h("p", { class: "sender", dir: "auto" }, senderName(first)) : null;
  const box = h("div", { class: `bubble with-media ${captioned || name ? "" : "bare"}` }, name, forwarded(first), quoted(first, act),
    h("div", { class: `album album-${Math.min(tiles.length, 10)}` }, tiles), text);
  return h("div", { class: `${rowClass(first, look)} album-row` }, face(first, look), h("div", { class: "stack" }, box));
}

function tile(message, act) {
  const element = h("article", { class: "tile", tabindex: "-1", "aria-label": spoken(message), dataset: hooks(message) }, mediaPart(message, act));
  listen(element, message, act);
  return element;
}

function reactions(message) {
  const signs = (message.reactions ?? []).map((one) => (typeof one === "string" ? one : one.emoji ?? one.type?.emoji ?? "★"));
  return signs.length ? h("p", { class: "reactions", "aria-label": `Reactions: ${signs.join(" ")}` }, signs.map((sign) => h("span", {}, sign))) : null;
}

function inlineKeyboard(message, act) {
  const rows = message.inline_keyboard;
  if (!rows?.length) return null;
  return h("div", { class: "inline-keyboard", role: "group", "aria-label": "Buttons of this message" },
    rows.map((buttons, row) => h("div", { class: "inline-line" }, buttons.map((button, column) => inlineButton(message, button, row, column, act)))));
}

const STYLES = new Set(["primary", "success", "danger"]);

function inlineButton(message, button, row, column, act) {
  const style = STYLES.has(button.style) ? button.style : "plain";
  const shared = { class: `inline-button ${style}`, dir: "auto", dataset: { testid: "inline-button", kind: button.kind, row, column } };
  const href = button.kind === "url" ? safeUrl(button.url ?? "") : null;
  if (href) {
    return h("a", { ...shared, href, target: "_blank", rel: "noopener noreferrer", onclick: (event) => act.link(href, event) },
      h("span", {}, button.text), h("span", { class: "corner" }, icon("external", 13)));
  }
  const corner = button.kind === "copy" ? h("span", { class: "corner" }, icon("copy", 13)) : null;
  return h("button", { ...shared, type: "button", onclick: (event) => act.press(message, button, row, column, event.currentTarget) }, h("span", {}, button.text), corner);
}
