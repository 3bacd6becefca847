// The small panel that makes the sandbox Telegram misbehave. Not here: X's faults, which have their own page.

import * as api from "./api.js";
import { byId, h, icon } from "./dom.js";
import { attempt } from "./overlays.js";

const OFFERED = [
  ["rate_limited", "Too many requests", "429 with a waiting time of 5 seconds", { seconds: 5 }],
  ["server_error", "Telegram is ill", "502 and a page of HTML"],
  ["drop_before", "Line cut before", "the call is not done"],
  ["drop_after", "Line cut after", "the call is done, the bot does not know"],
  ["slow", "Slow", "every answer takes 3 seconds", { seconds: 3 }],
  ["duplicate_updates", "Updates twice", "each is delivered two times"],
  ["reorder", "Updates out of order", "a batch arrives reversed"],
  ["member_inaccessible", "Members are hidden", "the bot is not told who is in a group"],
  ["hang", "No word on members", "asking about one takes 20 seconds, then the line is cut", { match: { method: "getChatMember" }, seconds: 20 }],
  ["file_missing", "Files are gone", "downloads fail"],
];

export class FaultPanel {
  constructor(xOrigin) {
    this.xOrigin = xOrigin;
    this.once = h("input", { type: "checkbox" });
    byId("faults-icon").append(icon("warn", 20));
    byId("faults").addEventListener("toggle", () => byId("faults").open && attempt(() => this.refresh()));
  }

  async refresh() {
    this.active = await api.faults();
    this.draw();
  }

  draw() {
    const count = byId("faults-count");
    count.hidden = !this.active.length;
    count.textContent = String(this.active.length);
    const elsewhere = this.xOrigin ? h("a", { href: `${this.xOrigin}/sandbox`, target: "_blank", rel: "noopener", class: "faults-x" }, "Faults of X", icon("external", 14)) : null;
    byId("faults-body").replaceChildren(
      h("ul", { class: "fault-list" }, OFFERED.map(([name, label, hint, extra]) => this.line(name, label, hint, extra))),
      h("label", { class: "fault-once" }, this.once, "Only the next time"),
      h("div", { class: "faults-foot" }, h("button", { type: "button", class: "text-button", onclick: () => this.change(() => api.clearFaults()) }, "All off"), elsewhere));
  }

  line(name, label, hint, extra = {}) {
    const mine = this.active.filter((fault) => fault.fault === name);
    const box = h("input", { type: "checkbox", role: "switch", checked: mine.length > 0, dataset: { testid: "fault", fault: name } });
    box.addEventListener("change", () => this.change(() => (box.checked ? this.on(name, extra) : this.off(name))));
    return h("li", {}, h("label", { class: "fault" }, h("span", { class: "fault-words" }, h("span", {}, label), h("span", { class: "fault-hint" }, hint)), box));
  }

  on(name, extra) {
    return api.addFault({ fault: name, match: {}, times: this.once.checked ? 1 : null, ...extra });
  }

  async off(name) {
    for (const fault of this.active.filter((one) => one.fault === name)) await api.clearFaults(fault.id);
  }

  async change(act) {
    const focused = document.activeElement?.dataset?.fault;
    await attempt(act);
    await attempt(() => this.refresh());
    if (focused) byId("faults-body").querySelector(`[data-fault="${focused}"]`)?.focus();
  }
}
