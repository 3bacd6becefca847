// The boxes that make a new made-up group or person. Not here: what the phone does with them.

import * as api from "./api.js";
import { fullName } from "./chats.js";
import { h } from "./dom.js";
import { formBox } from "./overlays.js";

/** Asks for a title and members; answers {chat} or null when closed without. */
export async function newGroup(me, owner) {
  const title = h("input", { type: "text", required: true, maxlength: "128", dir: "auto", autofocus: true });
  const others = me.people.filter((one) => one.id !== owner);
  const boxes = others.map((one) => h("input", { type: "checkbox", value: one.id }));
  const bot = h("input", { type: "checkbox", checked: true });
  const fields = [
    h("label", { class: "field" }, "Name of the group", title),
    h("fieldset", {}, h("legend", {}, "Members"), others.map((one, index) => h("label", { class: "tick" }, boxes[index], fullName(one))),
      h("label", { class: "tick" }, bot, me.bots[0]?.first_name ?? "The bot")),
  ];
  const read = () => ({ title: title.value.trim(), owner, members: boxes.filter((box) => box.checked).map((box) => Number(box.value)), bot: bot.checked });
  const asked = await formBox("New group", fields, "Make it", read);
  if (!asked) return null;
  const made = await api.addGroup(asked);
  return { chat: made.id ?? made.chat?.id ?? made.chat };
}

/** Asks for a name; answers {person} or null when closed without. */
export async function newPerson() {
  const name = h("input", { type: "text", required: true, maxlength: "64", dir: "auto", autofocus: true });
  const username = h("input", { type: "text", maxlength: "32", pattern: "[A-Za-z][A-Za-z0-9_]{3,31}", title: "4 to 32 letters, digits or underscores" });
  const fields = [h("label", { class: "field" }, "First name", name), h("label", { class: "field" }, "Username (may stay empty)", username)];
  const asked = await formBox("New made-up person", fields, "Add", () => ({ first_name: name.value.trim(), ...(username.value ? { username: username.value } : {}) }));
  return asked ? { person: await api.addPerson(asked) } : null;
}
