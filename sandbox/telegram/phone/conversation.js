// The list of messages of the open chat: what stands where, what changed, what vanished. Not here: how one message looks.

import { announce, byId, calm, dayName, dayOf, h, icon } from "./dom.js";
import { bodyOf, messageRow, senderName, summary } from "./messages.js";

const TOMBSTONE_MS = 6000;
const COLLAPSE_MS = 380;
const NEAR_BOTTOM_PX = 90;

/** Would a person rather not leave this lying about: a PIN, a key, a token. A guess, only for the words on the line left behind. */
export function looksSecret(text) {
  const bare = text.normalize("NFKC").trim();
  if (/^(?:pin\b)?[\s:#]*(?:\d[\s-]?){6,8}$/iu.test(bare)) return true;
  return bare.split(/\s+/u).some((word) => word.length >= 20 && !/^https?:/iu.test(word) && /\d/u.test(word) && /[a-z]/iu.test(word));
}

export class Conversation {
  constructor(act) {
    this.act = act;
    this.log = byId("log");
    this.rows = byId("rows");
    this.shown = new Map();
    this.messages = [];
    this.deletedBy = new Map();
    this.missed = new Map();
    this.stuck = true;
    this.lastTop = 0;
    this.group = false;
    this.fresh = true;
    this.watchScroll();
    this.log.addEventListener("keydown", (event) => this.walk(event));
  }

  /** Empties the list for another chat (or another person's view of the same). */
  open(group) {
    this.group = group;
    this.messages = [];
    this.shown.clear();
    this.deletedBy.clear();
    this.missed.clear();
    this.rows.replaceChildren();
    this.stuck = true;
    this.fresh = true;
  }

  get lastId() {
    return this.messages.at(-1)?.message_id ?? 0;
  }

  find(messageId) {
    return this.messages.find((message) => message.message_id === messageId);
  }

  /** New messages at the end; already known ones are replaced. */
  append(messages) {
    const known = new Map(this.messages.map((message) => [message.message_id, message]));
    for (const message of messages) known.set(message.message_id, message);
    this.show([...known.values()].sort((a, b) => a.message_id - b.message_id));
  }

  /** An event said who deleted it; the line left behind says it too, also when a reading had already missed it. */
  remove(messageId, by) {
    if (this.deletedBy.has(messageId)) return;
    this.deletedBy.set(messageId, by);
    const missed = this.missed.get(messageId);
    if (missed) this.leaveLine(missed.message, missed.place);
    else this.show(this.messages.filter((message) => message.message_id !== messageId));
  }

  /** The whole truth: everything not in it has gone. */
  show(read) {
    // a reading begun before a deletion may end after it
    const messages = read.filter((message) => !this.deletedBy.has(message.message_id));
    const before = new Set(this.messages.map((message) => message.message_id));
    const kept = new Set(messages.map((message) => message.message_id));
    const gone = this.messages.filter((message) => !kept.has(message.message_id));
    this.messages = messages;
    this.place(desiredRows(messages, this.group), gone);
    if (!this.fresh) this.announceNew(messages.filter((message) => !before.has(message.message_id)));
    this.fresh = false;
    this.updateTabStop();
    if (this.stuck) this.toBottom();
  }

  place(wanted, gone) {
    const focus = focusPlace(this.rows);
    const wantedKeys = new Set(wanted.map((row) => row.key));
    for (const [key, row] of this.shown) if (!wantedKeys.has(key)) this.dismiss(key, row, gone);
    let next = null;
    for (const row of wanted.toReversed()) next = this.putBefore(row, next);
    restoreFocus(this.rows, focus);
  }

  putBefore(row, next) {
    const old = this.shown.get(row.key);
    if (old?.signature === row.signature) return old.element;
    const element = row.build(this.act);
    if (old) {
      this.mournTiles(old, row);
      old.element.replaceWith(element);
    } else {
      this.rows.insertBefore(element, next);
      if (!this.fresh && !calm()) element.classList.add("arriving");
    }
    this.shown.set(row.key, { element, signature: row.signature, messages: row.messages });
    return element;
  }

  /** An album that lost some of its pictures. */
  mournTiles(old, row) {
    const kept = new Set(row.messages.map((message) => message.message_id));
    for (const message of old.messages) if (!kept.has(message.message_id)) this.leaveLine(message, old.element);
  }

  dismiss(key, row, gone) {
    this.shown.delete(key);
    // by number: a message read again is another object, and its row stays as it was
    const ids = new Set(row.messages.map((message) => message.message_id));
    const lost = gone.filter((message) => ids.has(message.message_id));
    const element = row.element;
    for (const hook of [element, ...element.querySelectorAll("[data-testid=message]")]) delete hook.dataset.testid;
    if (!lost.length) {
      element.remove();
      return;
    }
    this.leaveLine(lost[0], element);
    collapse(element, () => element.remove());
  }

  /** The small line that stays a few seconds where a message was. */
  leaveLine(message, element) {
    if (message.service) return;
    const by = this.deletedBy.get(message.message_id);
    if (by === undefined) {
      this.remember(message, element);
      return;
    }
    const secret = by === "bot" && !message.from?.is_bot && looksSecret(bodyOf(message));
    const words = by === "bot" ? (secret ? "The bot deleted this message. Your secret is gone from the chat." : "The bot deleted this message") : "Message deleted";
    const line = h("p", { class: `tombstone ${secret ? "secret" : ""}`, role: "status", dataset: { testid: "tombstone", by, secret: String(secret) } },
      icon(secret ? "lock" : by === "bot" ? "shield" : "trash", 16), words);
    element.after(line);
    setTimeout(() => collapse(line, () => line.remove()), TOMBSTONE_MS);
  }

  /** It is missing and nobody said why yet: the event may be on its way. */
  remember(message, element) {
    const place = h("span", { hidden: true });
    element.after(place);
    this.missed.set(message.message_id, { message, place });
    setTimeout(() => {
      place.remove();
      this.missed.delete(message.message_id);
    }, TOMBSTONE_MS);
  }

  announceNew(messages) {
    const incoming = messages.filter((message) => !message.out);
    if (incoming.length) announce(incoming.map((message) => `${senderName(message)}: ${summary(message)}`).join(". "));
    if (messages.some((message) => message.out)) this.stuck = true;
    else if (incoming.length && !this.stuck) byId("to-bottom").classList.add("news");
  }

  /** One message is in the tab order, the newest; arrows walk from there. */
  updateTabStop() {
    for (const stop of this.rows.querySelectorAll("article[tabindex='0']")) stop.tabIndex = -1;
    const newest = [...this.rows.querySelectorAll("article[data-testid=message]")].at(-1);
    if (newest) newest.tabIndex = 0;
  }

  walk(event) {
    const from = event.target.closest?.("article[data-testid=message]");
    if (!from || event.target !== from || !["ArrowUp", "ArrowDown", "Home", "End"].includes(event.key)) return;
    event.preventDefault();
    const stops = [...this.rows.querySelectorAll("article[data-testid=message]")];
    const at = stops.indexOf(from);
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: stops.length - 1 }[event.key];
    stops[Math.max(0, Math.min(to, stops.length - 1))].focus();
  }

  jump(messageId) {
    const target = this.rows.querySelector(`[data-message-id="${Number(messageId)}"]`);
    if (!target) return;
    target.scrollIntoView({ block: "center", behavior: calm() ? "auto" : "smooth" });
    target.classList.add("flash");
    setTimeout(() => target.classList.remove("flash"), 1500);
  }

  toBottom(smooth = false) {
    this.log.scrollTo({ top: this.log.scrollHeight, behavior: smooth && !calm() ? "smooth" : "instant" });
    // a picture not loaded yet has no height: the list gets shorter for a moment, which is nobody's going up
    if (!smooth) this.lastTop = this.log.scrollTop;
    byId("to-bottom").hidden = true;
  }

  watchScroll() {
    const button = byId("to-bottom");
    this.log.addEventListener("scroll", () => {
      const near = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR_BOTTOM_PX;
      // Only going up lets go of the bottom: a list that grew or a keyboard that opened is no wish of the reader's.
      if (near || this.log.scrollTop < this.lastTop - 2) this.stuck = near;
      this.lastTop = this.log.scrollTop;
      button.hidden = this.stuck;
      if (this.stuck) button.classList.remove("news");
    });
    button.addEventListener("click", () => this.toBottom(true));
    const keep = new ResizeObserver(() => this.stuck && this.toBottom());
    keep.observe(this.rows);
    keep.observe(this.log);
  }
}

/** Day lines, albums and single messages in order, each with a key and a signature that changes when its look does. */
function desiredRows(messages, group) {
  const rows = [];
  let day = null;
  for (const bundle of bundles(messages)) {
    const head = bundle[0];
    if (dayOf(head.date) !== day) {
      day = dayOf(head.date);
      rows.push(dayRow(day, head.date));
    }
    rows.push({ bundle });
  }
  return rows.map((row, index) => (row.bundle ? bundleRow(row.bundle, rows[index - 1]?.bundle, rows[index + 1]?.bundle, group) : row));
}

function dayRow(day, date) {
  const name = dayName(date);
  return { key: `day ${day}`, signature: name, messages: [], build: () => h("p", { class: "day" }, h("span", {}, name)) };
}

function bundleRow(bundle, before, after, group) {
  const look = { first: !sameRun(before, bundle), last: !sameRun(bundle, after), group };
  const head = bundle[0];
  const key = head.media_group_id ? `album ${head.media_group_id}` : `message ${head.message_id}`;
  return { key, signature: JSON.stringify([bundle, look]), messages: bundle, build: (act) => messageRow(bundle, look, act) };
}

function bundles(messages) {
  const out = [];
  for (const message of messages) {
    const last = out.at(-1);
    if (message.media_group_id && last?.[0].media_group_id === message.media_group_id) last.push(message);
    else out.push([message]);
  }
  return out;
}

const RUN_SECONDS = 300;

function sameRun(before, after) {
  if (!before || !after || before[0].service || after[0].service) return false;
  const [one, two] = [before.at(-1), after[0]];
  return one.from?.id === two.from?.id && one.out === two.out && two.date - one.date < RUN_SECONDS;
}

function collapse(element, done) {
  element.setAttribute("aria-hidden", element.getAttribute("role") === "status" ? "false" : "true");
  element.inert = true;
  if (calm()) {
    done();
    return;
  }
  element.style.height = `${element.offsetHeight}px`;
  element.classList.add("leaving");
  requestAnimationFrame(() => { element.style.height = "0px"; });
  setTimeout(done, COLLAPSE_MS);
}

/** Where the focus is inside the list, in words that survive the element being rebuilt. */
function focusPlace(rows) {
  const element = document.activeElement;
  if (!rows.contains(element)) return null;
  const message = element.closest("[data-message-id]");
  return { element, messageId: message?.dataset.messageId, row: element.dataset.row, column: element.dataset.column };
}

function restoreFocus(rows, place) {
  if (!place || rows.contains(place.element) && place.element.isConnected && !place.element.closest("[inert]")) return;
  const message = place.messageId && rows.querySelector(`[data-testid=message][data-message-id="${place.messageId}"]`);
  const button = message && place.row !== undefined && message.querySelector(`[data-row="${place.row}"][data-column="${place.column}"]`);
  const newest = [...rows.querySelectorAll("article[data-testid=message]")].at(-1);
  (button || message?.querySelector(".inline-button") || message || newest || byId("composer-text")).focus({ preventScroll: true });
}
