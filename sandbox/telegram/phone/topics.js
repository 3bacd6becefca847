// Which topic of a forum is open: the choice above the messages, and what it shows. Not here: making and closing topics.

import { byId, h } from "./dom.js";

const GENERAL = 1;

export class Topics {
  /** `changed` is called when another topic was chosen. */
  constructor(changed) {
    this.chosen = new Map();
    this.news = new Set();
    this.topics = [];
    this.chat = null;
    byId("topic").addEventListener("change", (event) => {
      this.choose(Number(event.target.value));
      changed();
    });
  }

  /** The open topic, null outside of forums. */
  get current() {
    if (!this.topics.length) return null;
    const chosen = this.chosen.get(this.chat);
    return this.topics.some((topic) => topic.id === chosen) ? chosen : GENERAL;
  }

  choose(topic) {
    this.chosen.set(this.chat, topic);
    this.news.delete(`${this.chat}/${topic}`);
    this.draw();
  }

  show(id, chat) {
    this.chat = id;
    this.topics = chat?.topics ?? [];
    this.draw();
  }

  draw() {
    byId("topic-bar").hidden = !this.topics.length;
    byId("topic").replaceChildren(...this.topics.map((topic) => h("option", { value: topic.id }, this.label(topic))));
    if (this.topics.length) byId("topic").value = String(this.current);
  }

  label(topic) {
    return `${topic.name}${topic.closed ? " (closed)" : ""}${this.news.has(`${this.chat}/${topic.id}`) ? " • new" : ""}`;
  }

  shows(message) {
    return !this.topics.length || message.topic === this.current;
  }

  /** Something came in another topic. */
  note(message) {
    this.news.add(`${this.chat}/${message.topic}`);
    this.draw();
  }
}
