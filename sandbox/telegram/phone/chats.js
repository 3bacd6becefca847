// The list of chats and the choice of who one is. Not here: what happens when one is opened.

import { avatar, byId, h, icon, shortWhen } from "./dom.js";
import { summary } from "./messages.js";

export const fullName = (person) => [person.first_name, person.last_name].filter(Boolean).join(" ");

export class ChatList {
  constructor(open) {
    this.open = open;
    this.list = byId("chat-list");
    this.list.addEventListener("keydown", (event) => this.walk(event));
  }

  /** `current` is the open chat's id or null; its unread count is not shown. */
  show(chats, current, isBot) {
    const focused = this.list.contains(document.activeElement) ? document.activeElement.dataset.chatId : null;
    this.list.replaceChildren(...chats.map((chat) => h("li", {}, this.entry(chat, chat.id === current, isBot(chat.id)))));
    const stop = this.list.querySelector("[aria-current=true]") ?? this.list.querySelector("button");
    if (stop) stop.tabIndex = 0;
    if (focused) this.list.querySelector(`[data-chat-id="${focused}"]`)?.focus();
  }

  entry(chat, isCurrent, isBot) {
    const unread = isCurrent ? 0 : chat.unread;
    const when = chat.last ? h("time", { class: "chat-when" }, shortWhen(chat.last.date)) : null;
    const count = unread ? h("span", { class: "badge", "aria-label": `${unread} unread` }, String(unread)) : null;
    return h("button", { type: "button", class: "chat", tabindex: "-1", "aria-current": isCurrent ? "true" : null,
      dataset: { testid: "chat", chatId: chat.id }, onclick: () => this.open(chat.id) },
    avatar(chat.id, chat.title, { photo: chat.photo, bot: isBot }),
    h("span", { class: "chat-words" },
      h("span", { class: "chat-top" }, h("span", { class: "chat-title", dir: "auto" }, chat.type === "private" ? null : icon("people", 17), h("bdi", {}, chat.title)), when),
      h("span", { class: "chat-top" }, h("span", { class: "chat-last", dir: "auto" }, this.lastLine(chat)), count)));
  }

  lastLine(chat) {
    const last = chat.last;
    if (!last) return chat.type === "private" ? "Press to begin" : "No messages yet";
    const who = last.out && !last.service ? "You: " : chat.type === "private" || last.service ? "" : `${last.from?.first_name ?? ""}: `;
    return who.length > 2 ? who + summary(last) : summary(last);
  }

  walk(event) {
    const entries = [...this.list.querySelectorAll("button")];
    const at = entries.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    entries[Math.max(0, Math.min(to, entries.length - 1))].focus();
  }
}

/** The select with everybody in it, and the round picture beside it. */
export function showPeople(people, current) {
  const select = byId("person-switch");
  select.replaceChildren(...people.map((person) =>
    h("option", { value: person.id, selected: person.id === current }, person.username ? `${fullName(person)} (@${person.username})` : fullName(person))));
  select.value = String(current);
  const person = people.find((one) => one.id === current);
  byId("person-avatar").replaceChildren(avatar(current, fullName(person ?? { first_name: "?" })));
}
