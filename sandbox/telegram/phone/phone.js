// The phone: who holds it, which chat is open, and what came in. What its holder does is in deeds and rooms.

import * as api from "./api.js";
import { ChatList, fullName, showPeople } from "./chats.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { Deeds } from "./deeds.js";
import { avatar, byId, h, icon } from "./dom.js";
import { FaultPanel } from "./faults.js";
import { Groups } from "./groups.js";
import { InlinePicker } from "./inline.js";
import { attempt, closeMenu, toast, viewPhoto } from "./overlays.js";
import { Rooms } from "./rooms.js";
import { Topics } from "./topics.js";

// Telegram shows a chat action for 5 seconds or until a message comes (Bot API, sendChatAction)
const ACTION_MS = 5000;
const GATHER_MS = 20;
const FORBIDDEN = 403;
const ACTIONS = { typing: "typing", upload_photo: "sending a photo", upload_video: "sending a video", upload_document: "sending a file" };

class Phone {
  constructor(me) {
    this.me = me;
    this.chats = [];
    this.chat = null;
    this.payload = null;
    const deeds = new Deeds(this);
    this.deeds = deeds;
    this.groups = new Groups(this);
    this.topics = new Topics(() => this.otherTopic());
    this.conversation = new Conversation({
      command: (text) => deeds.sendText(text), mention: (name) => deeds.openName(name), link: (href, event) => deeds.openLink(href, event),
      press: (...what) => deeds.press(...what), reply: (message) => deeds.replyTo(message), menu: (message, place) => deeds.messageMenu(message, place),
      jump: (id) => this.conversation.jump(id), photo: viewPhoto,
    });
    this.composer = new Composer({
      sendText: (text, extra) => deeds.sendText(text, extra), sendFiles: (...what) => deeds.sendFiles(...what),
      saveEdit: (message, text) => deeds.saveEdit(message, text), command: (text) => deeds.sendText(text), editLast: () => deeds.editLast(), poll: () => deeds.poll(), ask: (key) => this.groups.ask(key),
    });
    this.inline = new InlinePicker(this);
    this.rooms = new Rooms(this);
    this.list = new ChatList((id) => this.goTo(id));
    this.faults = new FaultPanel(me.x_origin);
    this.wire();
  }

  wire() {
    byId("back").append(icon("back"));
    byId("to-bottom").append(icon("down"));
    byId("person-switch").addEventListener("change", (event) => this.become(Number(event.target.value)));
    byId("back").addEventListener("click", () => this.leave());
    byId("start").addEventListener("click", () => this.pressStart());
    window.addEventListener("popstate", () => attempt(() => this.readAddress()));
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.escape(event));
    if (!this.me.x_origin) return;
    byId("x-link").href = this.me.x_origin;
    byId("x-link").hidden = false;
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
    this.payload = asked.get("start");
    const known = this.me.people.some((one) => one.id === person);
    await this.be(known ? person : this.person ?? this.me.people[0].id);
    const wanted = this.payload === null ? null : this.me.bots[0]?.id;
    await this.enter(asked.has("chat") ? Number(asked.get("chat")) : wanted ?? this.firstChat());
  }

  /** Beside the list something is always open; instead of it, nothing at first. */
  firstChat() {
    return isNarrow() ? null : this.chats[0]?.id ?? null;
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
    this.stop = api.listen(person, { onEvent: (event) => this.happened(event), onOpen: () => this.caughtUp(), onLost: () => this.lost() });
  }

  async become(person) {
    const before = this.chat;
    await this.be(person);
    const next = this.chats.some((chat) => chat.id === before) ? before : this.firstChat();
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
    const last = this.chat;
    this.address(null, true);
    this.enter(null);
    byId("chat-list").querySelector(`[data-chat-id="${last}"]`)?.focus();
  }

  async enter(chat, { focus = false } = {}) {
    closeMenu();
    const known = this.chats.some((one) => one.id === chat) || this.isBot(chat);
    this.chat = known ? chat : null;
    byId("app").dataset.screen = this.chat === null ? "list" : "chat";
    byId("talk").dataset.empty = String(this.chat === null);
    this.showList();
    if (this.chat === null) return;
    this.showHead();
    this.conversation.open(this.chat < 0);
    this.inline.close();
    this.composer.switchTo(`${this.person}/${this.chat}`);
    this.hideAction();
    await attempt(() => Promise.all([this.refresh(), this.refreshCommands()]));
    if (focus) (byId("start-bar").hidden ? byId("composer-text") : byId("start")).focus();
  }

  showList() {
    this.list.show(this.chats, this.chat, (id) => this.isBot(id));
  }

  showHead() {
    const chat = this.open;
    const bot = this.me.bots.find((one) => one.id === this.chat);
    const title = chat?.title ?? bot?.first_name ?? "";
    this.topics.show(this.chat, chat);
    byId("talk-name").textContent = title;
    byId("talk-avatar").replaceChildren(avatar(this.chat, title, { photo: chat?.photo, bot: Boolean(bot) }));
    this.status = bot ? `bot · @${bot.username}` : chat?.members ? `${chat.members.length} members` : "group";
    if (!this.actionTimer) byId("talk-status").textContent = this.status;
  }

  // What came in.

  /** A sandbox started anew has another token and other messages: the page begins again too. */
  async lost() {
    byId("offline").hidden = false;
    try {
      await api.me();
    } catch (error) {
      if (error.status === FORBIDDEN) location.reload();
    }
  }

  caughtUp() {
    byId("offline").hidden = true;
    attempt(() => Promise.all([this.refreshChats(), this.refresh(), this.chat === null ? null : this.refreshCommands()]));
  }

  /** A press brings its answer itself, so "answer" is nothing new here. */
  happened(event) {
    if (event.kind === "answer") return;
    if (event.kind === "action") this.showAction(event);
    else this.soon(event);
  }

  /** Changes are read again one reading at a time, so that a burst costs two readings and not fifty. */
  soon(event) {
    if (event.chat === this.chat) {
      if (event.kind === "message") this.arrived(event.message);
      if (event.kind === "deleted") {
        this.conversation.remove(event.message_id, event.by);
        this.composer.forget(event.message_id);
      }
      if (event.kind === "edited" || event.kind === "deleted") this.wantWhole = true;
    }
    this.waiting ??= setTimeout(() => this.readAgain(), GATHER_MS);
  }

  /** Shown before it is read: what the bot deletes at once would else never be seen to go. */
  arrived(message) {
    if (message.from.is_bot) this.hideAction();
    if (!this.topics.shows(message)) {
      this.topics.note(message);
      return;
    }
    if (!this.conversation.fresh && !this.conversation.find(message.message_id)) this.conversation.append([message]);
  }

  async readAgain() {
    this.waiting = undefined;
    await attempt(() => Promise.all([this.refresh(false), this.refreshChats()]));
  }

  /** Reads the open chat, one reading after the other, as an older answer that came later would undo a newer one. */
  refresh(whole = true) {
    this.wantWhole ||= whole;
    this.queued ??= this.reading = this.readNext(this.reading);
    return this.queued;
  }

  async readNext(before) {
    await Promise.allSettled([before]);
    const after = this.wantWhole ? undefined : this.conversation.lastId;
    this.wantWhole = false;
    this.queued = null;
    await this.read(after);
  }

  /** All of the open chat, or what came after a message. */
  async read(after) {
    if (this.chat === null) return;
    const { person, chat } = this;
    const newest = this.conversation.lastId;
    const answer = await api.messages(person, chat, after || undefined);
    if (person !== this.person || chat !== this.chat) return;
    const messages = answer.messages.filter((message) => this.topics.shows(message));
    if (after) this.conversation.append(messages);
    else this.conversation.show([...messages, ...this.arrivedSince(newest, messages)]);
    this.showStart();
    this.showMarkup(answer.reply_keyboard);
  }

  /** What came by itself while a reading was under way that may not have it. */
  arrivedSince(newest, read) {
    const known = new Set(read.map((message) => message.message_id));
    return this.conversation.messages.filter((message) => message.message_id > newest && !known.has(message.message_id));
  }

  /** A bot may set its commands at any time, so they are asked for whenever its chat is read whole. */
  async refreshCommands() {
    const { person, chat } = this;
    const answer = await api.commands(person, chat);
    if (person === this.person && chat === this.chat) this.composer.showCommands(answer.flatMap(namedCommands));
  }

  showMarkup(markup) {
    const asker = markup?.message_id ? this.conversation.find(markup.message_id) : this.conversation.messages.findLast((message) => message.from?.is_bot);
    this.composer.showKeyboard(markup ?? null, asker);
  }

  async refreshChats() {
    const person = this.person;
    const answer = await api.chats(person);
    if (person !== this.person) return;
    this.chats = answer;
    this.showList();
    if (this.chat !== null && this.chat < 0 && !this.open) await this.follow();
    else if (this.chat !== null) this.showHead();
  }

  /** The open group is gone from here: it goes on under another id, or not at all. */
  async follow() {
    const moved = this.chats.find((chat) => chat.migrated_from === this.chat);
    if (moved) await this.goTo(moved.id);
    else this.leave();
  }

  openTopic(topic) {
    this.topics.choose(topic);
    this.otherTopic();
  }

  otherTopic() {
    this.conversation.open(true);
    this.composer.reset();
    attempt(() => this.refresh());
  }

  showStart() {
    const empty = this.isBot(this.chat) && this.conversation.messages.length === 0 && !this.open?.started;
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
    this.actionTimer = setTimeout(() => this.hideAction(), ACTION_MS);
  }

  hideAction() {
    clearTimeout(this.actionTimer);
    this.actionTimer = 0;
    byId("talk-status").textContent = this.status ?? "";
  }

  /** Does something, shows a refusal, then reads what came of it: the stream may be slow or broken. Answers whether it was done. */
  async doing(act, whole = false) {
    let done = false;
    await attempt(async () => {
      await act();
      done = true;
    });
    if (!done) this.composer.shake();
    this.conversation.stuck = true;
    await attempt(() => this.refresh(whole));
    return done;
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

  escape(event) {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    if (isNarrow() && this.chat !== null) this.leave();
  }
}

/** In a group a command says which bot it is for. */
const namedCommands = ({ bot, commands }, _, all) => commands.map((one) => ({ ...one, command: all.length > 1 ? `${one.command}@${bot}` : one.command }));

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
