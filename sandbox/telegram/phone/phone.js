// The phone: who holds it, which chat is open, what came in, and what a press does. The parts it is made of are the other modules.

import * as api from "./api.js";
import { ChatList, fullName, showPeople } from "./chats.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { avatar, byId, h, icon } from "./dom.js";
import { telegramLink } from "./entities.js";
import { FaultPanel } from "./faults.js";
import { bodyOf } from "./messages.js";
import { alertBox, attempt, closeMenu, confirmBox, menu, pickBox, toast, viewPhoto } from "./overlays.js";
import { newGroup, newPerson } from "./rooms.js";

const ACTION_SECONDS = 5;
const PRESS_WAIT_SECONDS = 10;
const ACTIONS = { typing: "typing", upload_photo: "sending a photo", upload_video: "sending a video", upload_document: "sending a file", record_video: "recording" };

class Phone {
  constructor(me) {
    this.me = me;
    this.chats = [];
    this.chat = null;
    this.payload = null;
    this.hushed = new Set();
    this.conversation = new Conversation({
      command: (text) => this.sendText(text), mention: (name) => this.openName(name), link: (href, event) => this.openLink(href, event),
      press: (...what) => this.press(...what), reply: (message) => this.replyTo(message), menu: (message, place) => this.messageMenu(message, place),
      jump: (id) => this.conversation.jump(id), photo: viewPhoto,
    });
    this.composer = new Composer({
      sendText: (text, extra) => this.sendText(text, extra), sendFiles: (...what) => this.sendFiles(...what),
      saveEdit: (message, text) => this.saveEdit(message, text), command: (text) => this.sendText(text), editLast: () => this.editLast(),
    });
    this.list = new ChatList((id) => this.goTo(id));
    this.faults = new FaultPanel(me.x_origin);
    this.wire();
  }

  wire() {
    byId("back").append(icon("back"));
    byId("side-menu").append(icon("more"));
    byId("talk-menu").append(icon("more"));
    byId("to-bottom").append(icon("down"));
    byId("person-switch").addEventListener("change", (event) => this.become(Number(event.target.value)));
    byId("back").addEventListener("click", () => this.leave());
    byId("start").addEventListener("click", () => this.pressStart());
    byId("side-menu").addEventListener("click", () => this.sideMenu());
    byId("talk-menu").addEventListener("click", () => this.talkMenu());
    window.addEventListener("popstate", () => this.readAddress());
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.escape(event));
    if (this.me.x_origin) {
      byId("x-link").href = this.me.x_origin;
      byId("x-link").hidden = false;
    }
  }

  isBot(id) {
    return this.me.bots.some((bot) => bot.id === id);
  }

  get open() {
    return this.chats.find((chat) => chat.id === this.chat) ?? null;
  }

  // Who and where: the address line is the truth, so that two windows can be two people.

  async readAddress() {
    const asked = new URLSearchParams(location.search);
    const person = Number(asked.get("person"));
    const known = this.me.people.some((one) => one.id === person);
    const payload = asked.get("start");
    this.payload = payload;
    await this.be(known ? person : this.person ?? this.me.people[0].id);
    const chat = asked.has("chat") ? Number(asked.get("chat")) : payload !== null ? this.me.bots[0]?.id : null;
    await this.enter(chat ?? (isNarrow() ? null : this.chats[0]?.id ?? null));
  }

  address(chat, push) {
    const wanted = new URLSearchParams({ person: this.person, ...(chat === null ? {} : { chat }) });
    history[push ? "pushState" : "replaceState"]({}, "", `?${wanted}`);
  }

  async be(person) {
    if (person === this.person) return;
    this.person = person;
    this.chat = null;
    showPeople(this.me.people, person);
    document.title = `${fullName(this.me.people.find((one) => one.id === person))} · Sandbox phone`;
    await this.refreshChats();
    this.stop?.();
    this.stop = api.listen(person, { onEvent: (event) => this.happened(event), onOpen: () => this.caughtUp(), onLost: () => { byId("offline").hidden = false; } });
  }

  async become(person) {
    const before = this.chat;
    await this.be(person);
    const stays = this.chats.some((chat) => chat.id === before);
    const next = stays ? before : isNarrow() ? null : this.chats[0]?.id ?? null;
    this.payload = null;
    this.address(next, true);
    await this.enter(next);
  }

  async goTo(chat, payload = null) {
    this.payload = payload;
    this.address(chat, chat !== this.chat);
    await this.enter(chat, { focus: true });
  }

  leave() {
    this.address(null, true);
    const last = this.chat;
    this.enter(null);
    byId("chat-list").querySelector(`[data-chat-id="${last}"]`)?.focus();
  }

  async enter(chat, { focus = false } = {}) {
    closeMenu();
    const known = this.chats.some((one) => one.id === chat) || this.isBot(chat);
    this.chat = known ? chat : null;
    byId("app").dataset.screen = this.chat === null ? "list" : "chat";
    byId("talk").dataset.empty = String(this.chat === null);
    this.list.show(this.chats, this.chat, (id) => this.isBot(id));
    if (this.chat === null) return;
    this.showHead();
    this.conversation.open(this.chat < 0);
    this.composer.switchTo(`${this.person}/${this.chat}`);
    this.hideAction();
    await this.refresh();
    if (focus) (byId("start-bar").hidden ? byId("composer-text") : byId("start")).focus();
  }

  showHead() {
    const chat = this.open;
    const bot = this.me.bots.find((one) => one.id === this.chat);
    const title = chat?.title ?? bot?.first_name ?? "";
    byId("talk-name").textContent = title;
    this.statusText = bot ? `bot · @${bot.username}` : chat?.member_count ? `${chat.member_count} members` : "group";
    byId("talk-status").textContent = this.statusText;
    byId("talk-avatar").replaceChildren(avatar(this.chat, title, { photo: chat?.photo, bot: Boolean(bot) }));
  }

  // What came in.

  caughtUp() {
    byId("offline").hidden = true;
    attempt(() => Promise.all([this.refreshChats(), this.refresh()]));
  }

  happened(event) {
    if (event.kind === "answer") this.lateAnswer(event);
    else if (event.kind === "action") this.showAction(event);
    else this.soon(event);
  }

  /** Changes are read again in order, one reading at a time, so that a burst costs two readings and not fifty. */
  soon(event) {
    if (event.kind === "deleted" && event.chat === this.chat) {
      this.conversation.remove(event.message_id, event.by);
      this.composer.forget(event.message_id);
    }
    if (event.chat === this.chat && event.kind === "message" && event.message?.out === false) this.hideAction();
    if (event.kind !== "chats" && event.chat === this.chat) this.whole ||= event.kind !== "message";
    this.waiting ??= setTimeout(() => this.readAgain(), 20);
  }

  async readAgain() {
    const whole = this.whole;
    this.whole = false;
    await attempt(async () => {
      if (this.chat !== null) await this.refresh(whole ? undefined : this.conversation.lastId);
      await this.refreshChats();
    });
    this.waiting = undefined;
    if (this.whole) this.soon({ kind: "chats" });
  }

  async refresh(after) {
    if (this.chat === null) return;
    const { person, chat } = this;
    const answer = await api.messages(person, chat, after || undefined);
    if (person !== this.person || chat !== this.chat) return;
    if (after) this.conversation.append(answer.messages);
    else this.conversation.show(answer.messages);
    if (answer.messages.some((message) => !message.out)) this.hideAction();
    this.showStart();
    this.showMarkup(answer.reply_keyboard);
    this.composer.showCommands(answer.commands ?? []);
  }

  showMarkup(markup) {
    const asker = markup?.message_id ? this.conversation.find(markup.message_id) : this.conversation.messages.findLast((message) => message.from?.is_bot);
    this.composer.showKeyboard(markup ?? null, asker);
  }

  async refreshChats() {
    const person = this.person;
    const answer = await api.chats(person);
    if (person !== this.person) return;
    this.chats = Array.isArray(answer) ? answer : answer.chats;
    this.list.show(this.chats, this.chat, (id) => this.isBot(id));
    if (this.chat !== null) this.showHead();
  }

  showStart() {
    const empty = this.isBot(this.chat) && this.conversation.messages.length === 0;
    const wanted = this.isBot(this.chat) && (empty || this.payload !== null);
    byId("start-bar").hidden = !wanted;
    byId("composer").hidden = wanted;
    byId("talk").classList.toggle("untouched", empty);
    this.composer.resize();
  }

  showAction(event) {
    if (event.chat !== this.chat) return;
    const dots = h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i"));
    byId("talk-status").replaceChildren(h("span", { class: "doing" }, ACTIONS[event.action] ?? "busy", dots));
    clearTimeout(this.actionTimer);
    this.actionTimer = setTimeout(() => this.hideAction(), ACTION_SECONDS * 1000);
  }

  hideAction() {
    clearTimeout(this.actionTimer);
    byId("talk-status").textContent = this.statusText ?? "";
  }

  // What the person does.

  async sendText(text, { replyTo, quote } = {}) {
    const body = { person: this.person, chat: this.chat, text };
    if (replyTo) body.reply_to = replyTo;
    if (quote) body.quote = quote;
    return this.doing(() => api.send(body));
  }

  async sendFiles(groups, caption, replyTo) {
    return this.doing(async () => {
      for (const [index, group] of groups.entries()) {
        await api.sendFiles({ person: this.person, chat: this.chat, caption: index ? "" : caption, replyTo, ...group });
      }
      return true;
    });
  }

  saveEdit(message, text) {
    if (text === bodyOf(message)) return true;
    return this.doing(() => api.edit({ person: this.person, chat: this.chat, message_id: message.message_id, text }), true);
  }

  /** Does it, then reads what came of it; the stream may be slow or broken. */
  async doing(act, whole = false) {
    this.conversation.stuck = true;
    const answer = await attempt(act);
    if (answer === null) this.composer.shake();
    await attempt(() => this.refresh(whole ? undefined : this.conversation.lastId));
    return answer !== null;
  }

  editLast() {
    const mine = this.conversation.messages.findLast((message) => message.out && message.text && !message.service && !message.forward_from);
    if (mine) this.composer.edit(mine);
    return Boolean(mine);
  }

  replyTo(message) {
    const selection = window.getSelection();
    const row = byId("rows").querySelector(`[data-message-id="${message.message_id}"] .text`);
    const picked = row && selection.anchorNode && row.contains(selection.anchorNode) && row.contains(selection.focusNode) ? selection.toString() : "";
    const quote = picked && picked !== bodyOf(message) && /\s/u.test(picked) && bodyOf(message).includes(picked) ? picked : null;
    this.composer.replyTo(message, { quote });
  }

  async press(message, button, row, column, element) {
    if (button.kind === "copy") return this.copy(button.copy_text?.text ?? button.copy_text ?? button.data ?? button.text);
    if (button.kind !== "callback") return toast("This kind of button does nothing in the sandbox.");
    element.classList.add("waiting");
    element.setAttribute("aria-busy", "true");
    const answer = await attempt(() => api.press({ person: this.person, chat: this.chat, message_id: message.message_id, row, column, wait: PRESS_WAIT_SECONDS }));
    element.classList.remove("waiting");
    element.removeAttribute("aria-busy");
    if (answer) this.answered(answer);
    return undefined;
  }

  answered(answer) {
    if (!answer.answered) {
      toast("The bot has not answered this press.");
      return;
    }
    if (answer.url) this.follow(answer.url);
    if (!answer.text) return;
    if (answer.show_alert) alertBox(answer.text, this.open?.title ?? "Pinfeather");
    else toast(answer.text);
  }

  /** The press itself brings the answer; one that comes after it gave up waiting has nowhere to be shown in Telegram either. */
  lateAnswer() {}

  follow(url) {
    const inside = telegramLink(url);
    if (inside) this.openName(inside.username, inside.start);
    else window.open(url, "_blank", "noopener,noreferrer");
  }

  /** Links into Telegram stay in this phone; all others open in a new tab by themselves. */
  openLink(href, event) {
    const inside = telegramLink(href);
    if (!inside) return;
    event.preventDefault();
    this.openName(inside.username, inside.start);
  }

  openName(username, payload = null) {
    const bot = this.me.bots.find((one) => one.username.toLowerCase() === username.toLowerCase());
    const person = this.me.people.find((one) => one.username?.toLowerCase() === username.toLowerCase());
    if (bot) this.goTo(bot.id, payload);
    else if (person) toast(`${fullName(person)} is one of the people of this sandbox. Switch to them above the chats.`);
    else toast(`@${username} is a made-up or foreign name; nothing leaves this computer.`);
  }

  async pressStart() {
    const payload = this.payload;
    this.payload = null;
    const done = await this.doing(() => api.start({ person: this.person, bot: this.chat, ...(payload ? { payload } : {}) }), true);
    if (!done) this.payload = payload;
    this.address(this.chat, false);
    this.showStart();
    byId("composer-text").focus();
  }

  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      toast("Copied");
    } catch {
      toast(`This browser does not let the page copy. The text is: ${text}`);
    }
  }

  messageMenu(message, place) {
    const body = bodyOf(message);
    const editable = message.out && body && !message.forward_from;
    menu(place, [
      { label: "Reply", icon: "reply", act: () => this.replyTo(message) },
      editable ? { label: "Edit", icon: "edit", act: () => this.composer.edit(message) } : null,
      body && !message.protected ? { label: "Copy text", icon: "copy", act: () => this.copy(body) } : null,
      message.protected ? null : { label: "Forward", icon: "forward", act: () => this.forward(message) },
      { label: "Delete", icon: "trash", danger: true, act: () => this.remove(message) },
    ], "Message");
  }

  async forward(message) {
    const chat = await pickBox("Forward to", this.chats.map((one) => ({ label: one.title, value: one.id, picture: avatar(one.id, one.title, { bot: this.isBot(one.id), size: "small" }) })));
    if (chat === null) return;
    const done = await attempt(() => api.forward({ person: this.person, from_chat: this.chat, message_id: message.message_id, chat }));
    if (done) await this.goTo(chat);
  }

  async remove(message) {
    if (!(await confirmBox("Delete this message for everybody?", "Delete", { danger: true }))) return;
    const done = await attempt(() => api.remove({ person: this.person, chat: this.chat, message_id: message.message_id }));
    if (done) this.soon({ kind: "deleted", chat: this.chat, message_id: message.message_id, by: "person" });
    byId("composer-text").focus();
  }

  sideMenu() {
    menu(byId("side-menu"), [
      { label: "New group", icon: "people", act: () => this.make(newGroup(this.me, this.person)) },
      { label: "New person", icon: "person", act: () => this.make(newPerson()) },
      { label: "Another window as…", icon: "window", act: () => this.anotherWindow() },
    ]);
  }

  /** A new group is opened; a new person is added to those one can be. */
  async make(making) {
    const made = await attempt(() => making);
    if (!made) return;
    if (made.person) {
      this.me.people.push(made.person);
      await this.become(made.person.id);
      showPeople(this.me.people, this.person);
      return;
    }
    await attempt(() => this.refreshChats());
    if (made.chat) await this.goTo(made.chat);
  }

  async anotherWindow() {
    const others = this.me.people.filter((one) => one.id !== this.person);
    const person = await pickBox("Open another window as", others.map((one) => ({ label: fullName(one), value: one.id, picture: avatar(one.id, fullName(one), { size: "small" }) })));
    if (person !== null) window.open(`?person=${person}${this.chat === null ? "" : `&chat=${this.chat}`}`, "_blank", "noopener");
  }

  talkMenu() {
    const bot = this.isBot(this.chat);
    const done = (text) => (answer) => answer && toast(text);
    menu(byId("talk-menu"), [
      bot ? { label: "Block the bot", icon: "block", danger: true, act: () => attempt(() => api.block({ person: this.person, bot: this.chat })).then(done("You blocked the bot; it cannot write to you.")) } : null,
      bot ? { label: "Unblock the bot", icon: "check", act: () => attempt(() => api.unblock({ person: this.person, bot: this.chat })).then(done("The bot may write to you again.")) } : null,
      bot ? { label: "Send /start", icon: "feather", act: () => this.sendText("/start") } : null,
      bot ? null : { label: "Leave the group", icon: "back", danger: true, act: () => this.leaveGroup() },
    ]);
  }

  async leaveGroup() {
    if (!(await confirmBox("Leave this group?", "Leave", { danger: true }))) return;
    const done = await attempt(() => api.setMember({ chat: this.chat, person: this.person, status: "left" }));
    if (!done) return;
    await attempt(() => this.refreshChats());
    this.leave();
  }

  escape(event) {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    if (isNarrow() && this.chat !== null) this.leave();
  }
}

const isNarrow = () => window.matchMedia("(max-width: 760px)").matches;

async function begin() {
  try {
    const phone = new Phone(await api.me());
    await phone.readAddress();
    document.body.dataset.ready = "true";
  } catch (error) {
    toast(error.message, "error");
    throw error;
  }
}

begin();
