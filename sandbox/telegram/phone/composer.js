// Writing: text, files, replies, edits, the bot's keyboard and its commands. Not here: sending itself (see `act`).

import { byId, calm, h, icon } from "./dom.js";
import { bodyOf, senderName, summary } from "./messages.js";
import { menu } from "./overlays.js";

const MOST_HEIGHT_PX = 180;
const THUMB_PX = 152;
const ACCEPTED = { photo: "image/*,video/*", document: "", animation: "image/gif,video/mp4" };

export class Composer {
  /** `act`: sendText(text, {replyTo, quote}), sendFiles(groups, caption, replyTo), saveEdit(message, text), command(text), editLast(), poll(), ask(key). */
  constructor(act) {
    this.act = act;
    this.text = byId("composer-text");
    this.input = byId("file-input");
    this.files = [];
    this.as = "photo";
    this.drafts = new Map();
    this.busy = false;
    this.reset();
    this.wire();
  }

  wire() {
    byId("attach").append(icon("clip"));
    byId("send").append(icon("send"));
    byId("keyboard-toggle").append(icon("keyboard"));
    byId("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.text.addEventListener("keydown", (event) => this.keys(event));
    this.text.addEventListener("input", () => this.resize());
    this.text.addEventListener("paste", (event) => this.takeFrom(event, event.clipboardData));
    byId("talk").addEventListener("dragover", (event) => event.preventDefault());
    byId("talk").addEventListener("drop", (event) => this.takeFrom(event, event.dataTransfer));
    byId("attach").addEventListener("click", () => this.attachMenu());
    this.input.addEventListener("change", () => this.take([...this.input.files]));
    byId("keyboard-toggle").addEventListener("click", () => this.toggleKeyboard());
    byId("commands").addEventListener("click", () => this.commandMenu());
  }

  keys(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "Escape" && (this.reply || this.editing || this.files.length)) {
      event.stopPropagation();
      this.reset();
    } else if (event.key === "ArrowUp" && !this.text.value && !this.files.length) {
      if (this.act.editLast()) event.preventDefault();
    }
  }

  /** Keeps what was typed in one chat while another is open. */
  switchTo(key) {
    if (this.key !== undefined) this.drafts.set(this.key, this.editing ? "" : this.text.value);
    this.key = key;
    this.reset();
    this.text.value = this.drafts.get(key) ?? "";
    this.resize();
  }

  reset() {
    if (this.editing) this.text.value = "";
    this.reply = null;
    this.editing = null;
    this.dropFiles();
    this.text.placeholder = "Message";
    this.showContext();
    this.resize();
  }

  async submit() {
    if (this.busy) return;
    const text = this.text.value.trim();
    if (!text && !this.files.length) return;
    this.busy = true;
    try {
      if (await this.deliver(text)) this.sent();
    } finally {
      this.busy = false;
    }
  }

  deliver(text) {
    if (this.editing) return this.act.saveEdit(this.editing, text);
    const replyTo = this.reply?.message.message_id;
    if (this.files.length) return this.act.sendFiles(grouped(this.files, this.as), text, replyTo);
    return this.act.sendText(text, { replyTo, quote: this.reply?.quote });
  }

  sent() {
    this.text.value = "";
    this.editing = null;
    this.reset();
    this.text.focus();
  }

  replyTo(message, { quote = null, placeholder = null, focus = true } = {}) {
    this.editing = null;
    this.reply = { message, quote };
    this.text.placeholder = placeholder || "Message";
    this.showContext();
    if (focus) this.text.focus();
  }

  edit(message) {
    this.dropFiles();
    this.reply = null;
    this.editing = message;
    this.text.value = bodyOf(message);
    this.showContext();
    this.resize();
    this.text.focus();
  }

  /** The message replied to or edited has gone. */
  forget(messageId) {
    if (this.reply?.message.message_id === messageId || this.editing?.message_id === messageId) this.reset();
  }

  showContext() {
    const place = byId("composer-context");
    const message = this.editing ?? this.reply?.message;
    place.hidden = !message;
    if (!message) return;
    const title = this.editing ? "Edit message" : `${this.reply.quote ? "Quote from" : "Reply to"} ${senderName(message)}`;
    place.replaceChildren(icon(this.editing ? "edit" : this.reply.quote ? "quote" : "reply", 22),
      h("span", { class: "context-words" }, h("span", { class: "context-title", dir: "auto" }, title), h("span", { class: "context-text", dir: "auto" }, this.reply?.quote ?? summary(message))),
      h("button", { type: "button", class: "icon-button", "aria-label": "Cancel", onclick: () => { this.reset(); this.text.focus(); } }, icon("close", 20)));
  }

  resize() {
    this.text.style.height = "auto";
    this.text.style.height = `${Math.min(this.text.scrollHeight, MOST_HEIGHT_PX)}px`;
    this.text.classList.toggle("scrolls", this.text.scrollHeight > MOST_HEIGHT_PX);
    byId("send").classList.toggle("ready", Boolean(this.text.value.trim()) || this.files.length > 0);
  }

  attachMenu() {
    const choose = (as) => () => {
      this.as = as;
      this.input.accept = ACCEPTED[as];
      this.input.click();
    };
    menu(byId("attach"), [
      { label: "Photo or video", hint: "several make an album", icon: "photo", act: choose("photo") },
      { label: "GIF", icon: "gif", act: choose("animation") },
      { label: "File", hint: "as it is", icon: "file", act: choose("document") },
      { label: "Poll", icon: "poll", act: () => this.act.poll() },
    ], "Attach");
  }

  takeFrom(event, transfer) {
    const files = [...(transfer?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.as = "photo";
    this.take(files);
  }

  take(files) {
    this.files.push(...files.map((file) => ({ file })));
    this.input.value = "";
    this.showTray();
    this.text.placeholder = "Caption";
    this.resize();
    this.text.focus();
  }

  dropFiles() {
    this.files = [];
    this.showTray();
  }

  showTray() {
    const tray = byId("tray");
    tray.hidden = !this.files.length;
    if (tray.hidden) return;
    const asFile = h("input", { type: "checkbox", checked: this.as === "document", dataset: { testid: "as-file" } });
    asFile.addEventListener("change", () => { this.as = asFile.checked ? "document" : "photo"; });
    tray.replaceChildren(h("ul", { class: "thumbs" }, this.files.map((one) => this.thumb(one))), h("label", { class: "as-file" }, asFile, "Send as file"));
  }

  thumb(one) {
    const kind = one.file.type.split("/")[0];
    const picture = kind === "image" ? small(one.file) : h("span", { class: "thumb-file" }, icon(kind === "video" ? "film" : "file", 26), h("span", {}, one.file.name));
    const remove = () => {
      this.files = this.files.filter((other) => other !== one);
      if (!this.files.length) this.text.placeholder = "Message";
      this.showTray();
      this.resize();
      this.text.focus();
    };
    return h("li", { class: "thumb" }, picture, h("button", { type: "button", class: "thumb-remove", "aria-label": `Remove ${one.file.name}`, onclick: remove }, icon("close", 14)));
  }

  /** The bot's commands for this chat: [{command, description}]. */
  showCommands(commands) {
    this.commands = commands;
    byId("commands").hidden = !commands.length;
  }

  commandMenu() {
    menu(byId("commands"), this.commands.map(({ command, description }) => ({ label: `/${command}`, hint: description, act: () => this.act.command(`/${command}`) })), "Commands of the bot");
  }

  /** Telegram's reply markup: a keyboard, a forced reply, or null for none. `message` is the one forced to be replied to. */
  showKeyboard(markup, message) {
    const signature = JSON.stringify([markup, message?.message_id]);
    if (signature === this.keyboardSignature) return;
    this.keyboardSignature = signature;
    const forced = Boolean(markup?.force_reply);
    if (this.forced && !forced && this.reply?.message.message_id === this.forced) this.reset();
    this.forced = forced ? message?.message_id : null;
    this.placeKeys(markup?.keyboard ?? [], Boolean(markup?.one_time_keyboard));
    if (forced && message) this.replyTo(message, { placeholder: markup.input_field_placeholder });
    else if (!this.reply && !this.files.length) this.text.placeholder = markup?.input_field_placeholder || "Message";
  }

  placeKeys(lines, once) {
    const place = byId("reply-keyboard");
    const press = async (key) => {
      if (once) this.toggleKeyboard(false);
      const asks = key.request_chat || key.request_users;
      await (asks ? this.act.ask(key) : this.act.sendText(typeof key === "string" ? key : key.text, {}));
    };
    place.replaceChildren(...lines.map((line) => h("div", { class: "key-line" }, line.map((key) =>
      h("button", { type: "button", class: `key ${key.style ?? ""}`, dir: "auto", dataset: { testid: "reply-key" }, onclick: () => press(key) }, typeof key === "string" ? key : key.text)))));
    byId("keyboard-toggle").hidden = !lines.length;
    this.toggleKeyboard(lines.length > 0);
  }

  toggleKeyboard(open = byId("reply-keyboard").hidden) {
    const place = byId("reply-keyboard");
    place.hidden = !open;
    byId("keyboard-toggle").setAttribute("aria-expanded", String(open));
  }

  shake() {
    if (!calm()) byId("composer").animate([{ transform: "translateX(-4px)" }, { transform: "translateX(4px)" }, { transform: "none" }], 150);
  }
}

/** The picture itself, drawn: the page's policy allows no blob: addresses. */
function small(file) {
  const canvas = h("canvas", { width: THUMB_PX, height: THUMB_PX, role: "img", "aria-label": file.name });
  createImageBitmap(file).then((bitmap) => {
    const side = Math.min(bitmap.width, bitmap.height);
    canvas.getContext("2d").drawImage(bitmap, (bitmap.width - side) / 2, (bitmap.height - side) / 2, side, side, 0, 0, THUMB_PX, THUMB_PX);
    bitmap.close();
  }, () => canvas.replaceWith(h("span", { class: "thumb-file" }, icon("file", 26), h("span", {}, file.name))));
  return canvas;
}

/** Files in order, neighbours of one kind together: [{as, files}]. GIFs and documents go one by one, as in Telegram. */
function grouped(files, as) {
  const groups = [];
  for (const { file } of files) {
    const kind = kindOf(file, as);
    const last = groups.at(-1);
    if (last?.as === kind && ["photo", "video"].includes(kind) && last.files.length < 10) last.files.push(file);
    else groups.push({ as: kind, files: [file] });
  }
  return groups;
}

function kindOf(file, as) {
  if (as === "document" || as === "animation") return as;
  if (file.type === "image/gif") return "animation";
  if (file.type.startsWith("image/") && file.type !== "image/svg+xml") return "photo";
  return file.type.startsWith("video/") ? "video" : "document";
}
