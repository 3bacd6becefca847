// Text with Bot API entities as DOM. Offsets count UTF-16 units, as JavaScript strings do. Not here: bubbles, media.

import { h } from "./dom.js";

const PLAIN = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote",
};
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);
const OPENABLE = new Set(["http:", "https:", "mailto:", "tel:", "tg:"]);

/** The text as a fragment. `act` is told of pressed commands, mentions and links: {command, mention, link}. */
export function richText(text, entities, act) {
  const sorted = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return stretch(text, 0, text.length, sorted, act);
}

function stretch(text, from, to, entities, act) {
  const out = document.createDocumentFragment();
  let at = from;
  let index = 0;
  while (index < entities.length) {
    const entity = entities[index];
    const start = Math.max(entity.offset, at);
    const end = Math.min(entity.offset + entity.length, to);
    index += 1;
    if (end <= start) continue;
    const inner = [];
    while (index < entities.length && entities[index].offset < end) inner.push(entities[index++]);
    out.append(text.slice(at, start), wrap(entity, text.slice(start, end), stretch(text, start, end, inner, act), act));
    // A block ends its own line: the line break behind it makes no other, as in Telegram's clients.
    at = BLOCKS.has(entity.type) && text[end] === "\n" ? end + 1 : end;
  }
  out.append(text.slice(Math.min(at, to), to));
  return out;
}

function wrap(entity, raw, content, act) {
  const { type } = entity;
  if (type === "spoiler") return spoiler(content);
  if (type === "bot_command") return pressable("command", () => act.command(raw), content);
  if (type === "mention") return pressable("mention", () => act.mention(raw.slice(1)), content);
  if (type === "url") return link(raw, content, act);
  if (type === "text_link") return link(entity.url ?? "", content, act);
  if (type === "email") return link(`mailto:${raw}`, content, act);
  if (type === "phone_number") return link(`tel:${raw}`, content, act);
  if (type === "custom_emoji") return h("span", { class: "custom-emoji", title: "Custom emoji" }, content);
  if (type === "pre") return h("pre", { dir: "auto", dataset: entity.language ? { language: entity.language } : {} }, h("code", {}, content));
  if (PLAIN[type]) return h(PLAIN[type], { class: `e-${type}` }, content);
  return h("span", { class: `e-${type}` }, content);
}

/** Part of the running text, so no real button: those do not break across lines. */
function pressable(kind, act, content) {
  const onkeydown = (event) => (event.key === "Enter" || event.key === " ") && (event.preventDefault(), act());
  return h("span", { class: `inline-link ${kind}`, role: "button", tabindex: "0", onclick: act, onkeydown }, content);
}

/** Hidden until tapped; the text is in the page only for the eye that asked, so screen readers get a label first. */
function spoiler(content) {
  const inside = h("span", { "aria-hidden": "true" }, content);
  const cover = h("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": "Hidden text, press to reveal" }, inside);
  const reveal = (event) => {
    if (cover.classList.contains("revealed")) return;
    event.preventDefault();
    event.stopPropagation();
    cover.classList.add("revealed");
    for (const name of ["role", "tabindex", "aria-label"]) cover.removeAttribute(name);
    inside.removeAttribute("aria-hidden");
  };
  cover.addEventListener("click", reveal, true);
  cover.addEventListener("keydown", (event) => (event.key === "Enter" || event.key === " ") && reveal(event));
  return cover;
}

/** An absolute address that may be opened, or null; a bare domain gets http:// as in Telegram's clients. */
export function safeUrl(text) {
  try {
    const url = new URL(/^[a-z][a-z0-9+.-]*:/iu.test(text) && !/^[^/:]+:\d/u.test(text) ? text : `http://${text}`);
    return OPENABLE.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

function link(target, content, act) {
  const href = safeUrl(target);
  if (href === null) return h("span", { class: "dead-link", title: "This link cannot be opened" }, content);
  return h("a", { href, target: "_blank", rel: "noopener noreferrer", title: href, onclick: (event) => act.link(href, event) }, content);
}

/** The part after t.me/ as {username, start, startgroup} when this is a link into Telegram, else null. */
export function telegramLink(href) {
  const url = new URL(href);
  if (url.protocol === "tg:" && (url.hostname === "resolve" || url.pathname.replaceAll("/", "") === "resolve")) {
    return { username: url.searchParams.get("domain") ?? "", start: url.searchParams.get("start"), startgroup: url.searchParams.get("startgroup") };
  }
  if (!["t.me", "telegram.me"].includes(url.hostname)) return null;
  return { username: url.pathname.split("/")[1] ?? "", start: url.searchParams.get("start"), startgroup: url.searchParams.get("startgroup") };
}
