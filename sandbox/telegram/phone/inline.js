// Typing a bot's name and words: what the bot offers for them, above the message field. Not here: writing and sending otherwise.

import * as api from "./api.js";
import { byId, h, icon } from "./dom.js";
import { attempt } from "./overlays.js";

// Telegram's apps ask when somebody pauses, not at every key
const PAUSE_MS = 250;
const WAIT_SECONDS = 10;

export class InlinePicker {
  constructor(phone) {
    this.phone = phone;
    this.field = byId("composer-text");
    this.place = byId("inline");
    this.field.addEventListener("input", () => this.typed());
    this.field.addEventListener("keydown", (event) => this.keys(event), { capture: true });
  }

  /** The bot whose name the field begins with, if it has inline mode. */
  get bot() {
    const name = /^@(\w+)\s/u.exec(this.field.value)?.[1]?.toLowerCase();
    return name ? this.phone.me.bots.find((one) => one.inline && one.username.toLowerCase() === name) : undefined;
  }

  typed() {
    clearTimeout(this.timer);
    if (this.bot) this.timer = setTimeout(() => this.ask(), PAUSE_MS);
    else this.close();
  }

  async ask() {
    const { person, chat } = this.phone;
    const text = this.field.value;
    const isStill = () => this.field.value === text && this.phone.person === person && this.phone.chat === chat;
    const answer = await attempt(() => api.askInline({ person, chat, text, wait: WAIT_SECONDS }));
    if (isStill()) this.show(answer);
  }

  show(answer) {
    this.answer = answer?.answered ? answer : null;
    this.at = 0;
    const rows = this.answer ? [this.buttonRow(), ...this.answer.results.map((one, index) => this.row(one, index))].filter(Boolean) : [];
    this.place.replaceChildren(...rows);
    this.place.hidden = !rows.length;
    this.mark();
  }

  buttonRow() {
    const button = this.answer.button;
    if (!button) return null;
    return h("button", { type: "button", class: "inline-switch", dir: "auto", dataset: { testid: "inline-switch" }, onclick: () => this.follow(button) }, button.text);
  }

  row(one, index) {
    return h("button", { type: "button", class: "inline-result", dir: "auto", dataset: { testid: "inline-result" }, onclick: () => this.choose(index) },
      h("span", { class: "inline-face" }, icon("feather", 22)),
      h("span", { class: "inline-words" }, h("span", { class: "inline-title" }, one.title), h("span", { class: "inline-description" }, one.description)));
  }

  mark() {
    [...this.place.querySelectorAll(".inline-result")].forEach((row, index) => row.classList.toggle("marked", index === this.at));
  }

  keys(event) {
    const count = this.answer?.results.length ?? 0;
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (this.place.hidden || event.isComposing || event.shiftKey) return;
    if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && count) this.choose(this.at);
    else if (step && count) {
      this.at = (this.at + step + count) % count;
      this.mark();
    } else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  async choose(index) {
    const { query_id } = this.answer;
    const result_id = this.answer.results[index].id;
    this.close();
    const done = await this.phone.doing(() => api.chooseInline({ person: this.phone.person, query_id, result_id }));
    if (done) this.phone.composer.sent();
  }

  follow(button) {
    const bot = this.answer.bot;
    this.close();
    this.phone.composer.sent();
    this.phone.goTo(bot, button.start_parameter);
  }

  close() {
    clearTimeout(this.timer);
    this.answer = null;
    this.place.hidden = true;
    this.place.replaceChildren();
  }
}
