// What one does with a group beyond talking: rights, topics, moving, deleting, writing as somebody else. Not here: who is a member.

import * as api from "./api.js";
import { avatar, h } from "./dom.js";
import { attempt, confirmBox, formBox, menu, pickBox, toast } from "./overlays.js";

const BESIDE_ADMINS = ["can_send_messages", "can_send_photos", "can_send_other_messages", "can_invite_users", "can_pin_messages", "can_manage_topics"];
const RULERS = ["creator", "administrator"];

export class Groups {
  constructor(phone) {
    this.phone = phone;
    this.channels = new Map();
  }

  /** The channel one writes as in the open chat, undefined for oneself. */
  get channel() {
    return this.channels.get(`${this.phone.person}/${this.phone.chat}`);
  }

  items(chat) {
    const owns = chat?.status === "creator";
    return [
      RULERS.includes(chat?.status) ? { label: "Rights of one member", icon: "shield", act: () => this.rights(chat) } : null,
      { label: "Write as…", icon: "person", act: () => this.writeAs(chat) },
      chat?.topics?.length && chat.may_manage_topics ? { label: "Topics", icon: "quote", act: () => this.topicMenu(chat) } : null,
      owns && chat.type === "group" ? { label: "Make it a supergroup", icon: "forward", act: () => this.migrate(chat) } : null,
      owns ? { label: "Delete the group", icon: "trash", danger: true, act: () => this.remove(chat) } : null,
    ];
  }

  async done(act, words) {
    const answer = await attempt(act);
    if (answer === null) return null;
    if (words) toast(words);
    await attempt(() => this.phone.refreshChats());
    return answer;
  }

  async rights(chat) {
    const some = chat.members.filter((member) => ["administrator", "restricted"].includes(member.status));
    if (!some.length) {
      toast("Nobody here is an admin beside the owner, and nobody is restricted.");
      return;
    }
    const picked = await pickBox("Whose rights?", some.map((member) => ({ label: `${member.first_name} (${member.status === "administrator" ? "admin" : "restricted"})`, value: member, picture: avatar(member.id, member.first_name, { size: "small", bot: member.is_bot }) })));
    if (picked) await this.rightsOf(chat, picked);
  }

  async rightsOf(chat, member) {
    const admin = member.status === "administrator";
    const names = admin ? Object.keys(member.rights) : BESIDE_ADMINS;
    const boxes = names.map((name) => h("input", { type: "checkbox", checked: Boolean(member.rights[name]) }));
    const hidden = h("input", { type: "checkbox", checked: member.anonymous });
    const ticks = names.map((name, index) => h("label", { class: "tick" }, boxes[index], name.replace("can_", "").replaceAll("_", " ")));
    const fields = [h("div", { class: "roles" }, admin && !member.is_bot && chat.type !== "group" ? h("label", { class: "tick" }, hidden, "anonymous") : null, ...ticks)];
    const read = () => ({ anonymous: hidden.checked, rights: Object.fromEntries(names.map((name, index) => [name, boxes[index].checked])) });
    const asked = await formBox(`What ${member.first_name} may do`, fields, "Save", read);
    if (asked) await this.done(() => api.setMember({ chat: chat.id, person: member.id, by: this.phone.person, status: member.status, ...asked }));
  }

  async writeAs(chat) {
    const { person } = this.phone;
    const channels = (await attempt(() => api.channels(person))) ?? [];
    const group = RULERS.includes(chat.status) && chat.type !== "group" ? [{ label: `${chat.title} (anonymously)`, value: "group" }] : [];
    const picked = await pickBox("Write as", [{ label: "Yourself", value: "self" }, ...group,
      ...channels.map((channel) => ({ label: `${channel.title} (channel)`, value: channel.id })), { label: "A new channel…", value: "new" }]);
    if (picked === null) return;
    const channel = picked === "new" ? await this.newChannel() : typeof picked === "number" ? picked : undefined;
    if (picked === "new" && !channel) return;
    this.channels.set(`${person}/${chat.id}`, channel);
    const anonymous = picked === "group";
    if (RULERS.includes(chat.status) && chat.anonymous !== anonymous) await this.done(() => api.setMember({ chat: chat.id, person, by: person, status: chat.status, anonymous }));
    toast(channel ? "What you write now comes from the channel." : anonymous ? "What you write now comes from the group itself." : "You write as yourself.");
  }

  async newChannel() {
    const title = h("input", { type: "text", required: true, maxlength: "128", dir: "auto", autofocus: true });
    const asked = await formBox("New channel", [h("label", { class: "field" }, "Name of the channel", title)], "Make it", () => title.value.trim());
    const made = asked && (await attempt(() => api.addChannel({ owner: this.phone.person, title: asked })));
    return made?.id;
  }

  topicMenu(chat) {
    const topic = chat.topics.find((one) => one.id === this.phone.topics.current);
    const change = (deed) => this.done(() => api.topic({ chat: chat.id, by: this.phone.person, do: deed, topic: topic.id }));
    menu(document.getElementById("talk-menu"), [
      { label: "New topic", icon: "edit", act: () => this.newTopic(chat) },
      { label: `${topic.closed ? "Open" : "Close"} “${topic.name}”`, icon: "lock", act: () => change(topic.closed ? "reopen" : "close") },
      topic.id === 1 ? null : { label: `Delete “${topic.name}”`, icon: "trash", danger: true, act: () => this.removeTopic(topic, change) },
    ], "Topics");
  }

  async newTopic(chat) {
    const name = h("input", { type: "text", required: true, maxlength: "128", dir: "auto", autofocus: true });
    const asked = await formBox("New topic", [h("label", { class: "field" }, "Name of the topic", name)], "Make it", () => name.value.trim());
    const made = asked && (await this.done(() => api.topic({ chat: chat.id, by: this.phone.person, do: "create", name: asked })));
    if (made) this.phone.openTopic(made.topic);
  }

  async removeTopic(topic, change) {
    if (await confirmBox(`Delete the topic “${topic.name}” with all its messages?`, "Delete", { danger: true })) await change("delete");
  }

  async migrate(chat) {
    if (!(await confirmBox(`Make “${chat.title}” a supergroup? It gets another id.`, "Make it one"))) return;
    await this.done(() => api.migrate({ chat: chat.id, by: this.phone.person }), "The group is a supergroup now.");
  }

  async remove(chat) {
    if (!(await confirmBox(`Delete “${chat.title}” for everybody?`, "Delete", { danger: true }))) return;
    await this.done(() => api.removeGroup({ chat: chat.id, by: this.phone.person }));
  }

  // The bot's questions for chats and people, and its links into groups.

  /** A key of the bot's keyboard that asks for a chat or for people. */
  async ask(key) {
    const { person, chat } = this.phone;
    const wish = { person, chat, request_id: (key.request_chat ?? key.request_users).request_id };
    const found = await attempt(() => api.offered(wish));
    if (!found) return false;
    const picked = found.chats ? await this.pickChat(found.chats, key.text) : await this.pickPeople(found, key.text);
    return picked ? this.phone.doing(() => api.share({ ...wish, ...picked })) : false;
  }

  async pickChat(chats, title) {
    if (!chats.length) {
      toast("None of your chats is what the bot asks for.");
      return null;
    }
    const id = await pickBox(title, chats.map((one) => ({ label: one.title, value: one.id, picture: avatar(one.id, one.title, { size: "small" }) })));
    return id === null ? null : { chat_id: id };
  }

  async pickPeople({ users, most }, title) {
    const boxes = users.map((one) => h("input", { type: most > 1 ? "checkbox" : "radio", name: "person", value: one.id }));
    const rows = users.map((one, index) => h("label", { class: "tick" }, boxes[index], h("bdi", {}, one.title)));
    const ids = await formBox(title, [h("div", { class: "roles" }, rows)], "Share", () => boxes.filter((box) => box.checked).map((box) => Number(box.value)));
    return ids?.length ? { user_ids: ids } : null;
  }

  /** A ?startgroup= link: which group is the bot to be brought into? */
  async startIn(bot, payload) {
    const groups = this.phone.chats.filter((one) => one.type !== "private");
    const picked = await this.pickChat(groups, `Add ${bot.first_name} to a group`);
    const wish = picked && { person: this.phone.person, chat: picked.chat_id, bot: bot.id, payload };
    if (wish && (await attempt(() => api.startGroup(wish)))) await this.phone.goTo(picked.chat_id);
  }
}
