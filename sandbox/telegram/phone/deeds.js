// What the person does in the open chat: send, press, follow, forward, delete. Not here: which chat is open and what came in.

import * as api from "./api.js";
import { fullName } from "./chats.js";
import { avatar, byId, h } from "./dom.js";
import { telegramLink } from "./entities.js";
import { bodyOf } from "./messages.js";
import { alertBox, attempt, confirmBox, formBox, menu, pickBox, toast } from "./overlays.js";

const PRESS_WAIT_SECONDS = 10;

export class Deeds {
  constructor(phone) {
    this.phone = phone;
  }

  /** Who does it and where, as every call wants it. */
  get place() {
    const [thread, channel] = [this.phone.topics.current, this.phone.groups.channel];
    return { person: this.phone.person, chat: this.phone.chat, ...(thread ? { thread } : {}), ...(channel ? { as_channel: channel } : {}) };
  }

  async sendText(text, { replyTo, quote } = {}) {
    const body = { ...this.place, text };
    if (replyTo) body.reply_to = replyTo;
    if (quote) body.quote = quote;
    return this.phone.doing(() => api.send(body));
  }

  /** Groups of files one after the other; the caption goes with the first. */
  async sendFiles(groups, caption, replyTo) {
    return this.phone.doing(async () => {
      for (const [index, group] of groups.entries()) await api.sendFiles({ ...this.place, caption: index ? "" : caption, replyTo, ...group });
    });
  }

  async poll() {
    const question = h("input", { type: "text", required: true, maxlength: "300", dir: "auto", autofocus: true });
    const options = h("textarea", { required: true, rows: "4", dir: "auto" });
    const multiple = h("input", { type: "checkbox" });
    const fields = [h("label", { class: "field" }, "Question", question), h("label", { class: "field" }, "Options, one on each line", options),
      h("label", { class: "tick" }, multiple, "Several answers")];
    const read = () => ({ question: question.value, options: options.value.split("\n").filter((line) => line.trim()), allows_multiple_answers: multiple.checked });
    const asked = await formBox("New poll", fields, "Send", read);
    if (asked) await this.phone.doing(() => api.poll({ ...this.place, ...asked }));
  }

  saveEdit(message, text) {
    if (text === bodyOf(message)) return true;
    return this.phone.doing(() => api.edit({ ...this.place, message_id: message.message_id, text }), true);
  }

  /** Answers whether there was a message of one's own to edit. */
  editLast() {
    const mine = this.phone.conversation.messages.findLast((message) => message.out && message.text && !message.service && !message.forward_from);
    if (mine) this.phone.composer.edit(mine);
    return Boolean(mine);
  }

  /** Words picked in the message become the quote, as in Telegram. */
  replyTo(message, picked = pickedWords(message)) {
    const body = bodyOf(message);
    const quote = picked && picked !== body && /\s/u.test(picked) && body.includes(picked) ? picked : null;
    this.phone.composer.replyTo(message, { quote });
  }

  async press(message, button, row, column, element) {
    if (button.kind === "copy") {
      await copy(button.data ?? button.text);
    } else if (button.kind === "callback") {
      busy(element, true);
      const answer = await attempt(() => api.press({ ...this.place, message_id: message.message_id, row, column, wait: PRESS_WAIT_SECONDS }));
      busy(element, false);
      if (answer) this.answered(answer);
    } else {
      toast("This kind of button does nothing in the sandbox.");
    }
  }

  answered(answer) {
    if (!answer.answered) toast("The bot has not answered this press.");
    if (answer.url) this.follow(answer.url);
    if (answer.text && answer.show_alert) alertBox(answer.text, byId("talk-name").textContent);
    else if (answer.text) toast(answer.text);
  }

  follow(url) {
    const inside = telegramLink(url);
    if (inside) this.openName(inside.username, inside.start, inside.startgroup);
    else window.open(url, "_blank", "noopener,noreferrer");
  }

  /** Links into Telegram stay in this phone; all others open in a new tab by themselves. */
  openLink(href, event) {
    const inside = telegramLink(href);
    if (!inside) return;
    event.preventDefault();
    this.openName(inside.username, inside.start, inside.startgroup);
  }

  openName(username, payload = null, group = null) {
    const same = (one) => one.username?.toLowerCase() === username.toLowerCase();
    const bot = this.phone.me.bots.find(same);
    const person = this.phone.me.people.find(same);
    if (bot && group !== null) this.phone.groups.startIn(bot, group);
    else if (bot) this.phone.goTo(bot.id, payload);
    else if (person) toast(`${fullName(person)} is one of the people of this sandbox. Switch to them above the chats.`);
    else toast(`@${username} is unknown here; nothing leaves this computer.`);
  }

  messageMenu(message, place) {
    const body = bodyOf(message);
    const picked = pickedWords(message);
    menu(place, [
      { label: "Reply", icon: "reply", act: () => this.replyTo(message, picked) },
      message.out && body && !message.forward_from ? { label: "Edit", icon: "edit", act: () => this.phone.composer.edit(message) } : null,
      body && !message.protected ? { label: "Copy text", icon: "copy", act: () => copy(body) } : null,
      message.protected ? null : { label: "Forward", icon: "forward", act: () => this.forward(message) },
      { label: "Delete", icon: "trash", danger: true, act: () => this.remove(message) },
    ], "Message");
  }

  async forward(message) {
    const { chats } = this.phone;
    const chat = await pickBox("Forward to", chats.map((one) => ({ label: one.title, value: one.id, picture: avatar(one.id, one.title, { bot: this.phone.isBot(one.id), size: "small" }) })));
    if (chat === null) return;
    const done = await attempt(() => api.forward({ person: this.phone.person, from_chat: this.phone.chat, message_id: message.message_id, chat }));
    if (done) await this.phone.goTo(chat);
  }

  async remove(message) {
    if (!(await confirmBox("Delete this message for everybody?", "Delete", { danger: true }))) return;
    const done = await attempt(() => api.remove({ ...this.place, message_id: message.message_id }));
    if (done) this.phone.happened({ kind: "deleted", chat: this.phone.chat, message_id: message.message_id, by: "person" });
    byId("composer-text").focus();
  }
}

function busy(element, waiting) {
  element.classList.toggle("waiting", waiting);
  if (waiting) element.setAttribute("aria-busy", "true");
  else element.removeAttribute("aria-busy");
}

/** The words selected inside this message, "" for none. */
function pickedWords(message) {
  const selection = window.getSelection();
  const text = byId("rows").querySelector(`[data-message-id="${message.message_id}"] .text`);
  const inside = text && selection.anchorNode && text.contains(selection.anchorNode) && text.contains(selection.focusNode);
  return inside ? selection.toString().trim() : "";
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast("Copied");
  } catch {
    toast(`This browser does not let the page copy. The text is: ${text}`);
  }
}
