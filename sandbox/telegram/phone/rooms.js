// The two menus: new groups and people, members and their roles, blocking the bot. Not here: messages.

import * as api from "./api.js";
import { fullName } from "./chats.js";
import { avatar, byId, h, icon } from "./dom.js";
import { attempt, confirmBox, formBox, menu, pickBox, toast } from "./overlays.js";

const ROLES = [["creator", "owner"], ["administrator", "admin"], ["member", "member"], ["restricted", "restricted"], ["left", "not here"], ["kicked", "banned"]];

const KINDS = { plain: "Supergroup", forum: "Supergroup with topics", basic: "Basic group" };

export class Rooms {
  constructor(phone) {
    this.phone = phone;
    byId("side-menu").append(icon("more"));
    byId("talk-menu").append(icon("more"));
    byId("side-menu").addEventListener("click", () => this.sideMenu());
    byId("talk-menu").addEventListener("click", () => this.talkMenu());
  }

  sideMenu() {
    menu(byId("side-menu"), [
      { label: "New group", icon: "people", act: () => this.newGroup() },
      { label: "New person", icon: "person", act: () => this.newPerson() },
      { label: "Another window as…", icon: "window", act: () => this.anotherWindow() },
    ]);
  }

  talkMenu() {
    const chat = this.phone.open;
    menu(byId("talk-menu"), this.phone.isBot(this.phone.chat) ? this.botItems(chat) : this.groupItems(chat));
  }

  botItems(chat) {
    const who = { person: this.phone.person, bot: this.phone.chat };
    const block = { label: "Block the bot", icon: "block", danger: true, act: () => this.change(() => api.block(who), "You blocked the bot; it cannot write to you.") };
    const unblock = { label: "Unblock the bot", icon: "check", act: () => this.change(() => api.unblock(who), "The bot may write to you again.") };
    return [{ label: "Send /start", icon: "feather", act: () => this.phone.deeds.sendText("/start") }, chat?.blocked ? unblock : block];
  }

  groupItems(chat) {
    return [
      { label: "Members and roles", icon: "people", act: () => this.members(chat) },
      ...this.phone.groups.items(chat),
      { label: "Leave the group", icon: "back", danger: true, act: () => this.leaveGroup(chat) },
    ];
  }

  async change(act, words) {
    if ((await attempt(act)) === null) return;
    toast(words);
    await attempt(() => this.phone.refreshChats());
  }

  async newGroup() {
    const { me, person } = this.phone;
    const title = h("input", { type: "text", required: true, maxlength: "128", dir: "auto", autofocus: true });
    const others = me.people.filter((one) => one.id !== person);
    const boxes = others.map((one) => h("input", { type: "checkbox", value: one.id }));
    const bot = h("input", { type: "checkbox", checked: true });
    const kind = h("select", {}, Object.entries(KINDS).map(([value, label]) => h("option", { value }, label)));
    const fields = [h("label", { class: "field" }, "Name of the group", title), h("fieldset", {}, h("legend", {}, "Members"),
      others.map((one, index) => h("label", { class: "tick" }, boxes[index], h("bdi", {}, fullName(one)))), h("label", { class: "tick" }, bot, me.bots[0]?.first_name ?? "The bot")),
    h("label", { class: "field" }, "What kind", kind)];
    const read = () => ({ title: title.value.trim(), owner: person, members: boxes.filter((box) => box.checked).map((box) => Number(box.value)), bot: bot.checked, [kind.value]: true });
    const asked = await formBox("New group", fields, "Make it", read);
    const made = asked && (await attempt(() => api.addGroup(asked)));
    if (!made) return;
    await attempt(() => this.phone.refreshChats());
    await this.phone.goTo(made.id);
  }

  async newPerson() {
    const name = h("input", { type: "text", required: true, maxlength: "64", dir: "auto", autofocus: true });
    const username = h("input", { type: "text", maxlength: "32", pattern: "[A-Za-z][A-Za-z0-9_]{3,31}", title: "4 to 32 letters, digits or underscores" });
    const fields = [h("label", { class: "field" }, "First name", name), h("label", { class: "field" }, "Username (may stay empty)", username)];
    const asked = await formBox("New made-up person", fields, "Add", () => ({ first_name: name.value.trim(), ...(username.value ? { username: username.value } : {}) }));
    const person = asked && (await attempt(() => api.addPerson(asked)));
    if (!person) return;
    this.phone.me.people.push(person);
    await this.phone.become(person.id);
  }

  /** A row per person of the sandbox and a choice of role; only what was changed is sent. */
  async members(chat) {
    const roleOf = new Map((chat.members ?? []).map((member) => [member.id, member.status]));
    const people = [...this.phone.me.people, ...this.phone.me.bots];
    const selects = people.map((one) => roleSelect(roleOf.get(one.id) ?? "left", chat.type));
    const rows = people.map((one, index) => h("label", { class: "role" }, avatar(one.id, fullName(one), { size: "small", bot: this.phone.isBot(one.id) }), h("span", { class: "role-name" }, h("bdi", {}, fullName(one))), selects[index]));
    const read = () => people.map((one, index) => [one.id, selects[index].value]).filter(([id, role]) => role !== (roleOf.get(id) ?? "left"));
    const changes = await formBox(`Members of ${chat.title}`, [h("div", { class: "roles" }, rows)], "Save", read);
    for (const [person, status] of changes ?? []) await attempt(() => api.setMember({ chat: chat.id, person, status }));
    if (changes?.length) await attempt(() => this.phone.refreshChats());
  }

  async leaveGroup(chat) {
    if (!(await confirmBox(`Leave “${chat.title}”?`, "Leave", { danger: true }))) return;
    const done = await attempt(() => api.setMember({ chat: chat.id, person: this.phone.person, status: "left" }));
    if (!done) return;
    await attempt(() => this.phone.refreshChats());
    this.phone.leave();
  }

  async anotherWindow() {
    const { me, person, chat } = this.phone;
    const others = me.people.filter((one) => one.id !== person);
    const other = await pickBox("Open another window as", others.map((one) => ({ label: fullName(one), value: one.id, picture: avatar(one.id, fullName(one), { size: "small" }) })));
    if (other !== null) window.open(`?person=${other}${chat === null ? "" : `&chat=${chat}`}`, "_blank", "noopener");
  }
}

/** An owner stays the owner until somebody else is made one. */
function roleSelect(role, type) {
  const offered = ROLES.filter(([value]) => type !== "group" || value !== "restricted");
  return h("select", { disabled: role === "creator" }, offered.map(([value, label]) => h("option", { value, selected: value === role }, label)));
}
