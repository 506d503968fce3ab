// The tester's tools: events that people or LINE cause, and the raw JSON in both directions.

import { clock, el, iconButton } from "./dom.js";

const GROUPS = [
  ["คนทำ", [
    ["follow", "เพิ่มเพื่อน / ปลดบล็อก"], ["unfollow", "บล็อก"], ["sticker", "สติกเกอร์"], ["image", "รูปภาพ"],
    ["video", "วิดีโอ"], ["audio", "เสียง"], ["file", "ไฟล์"], ["unsend", "ยกเลิกข้อความล่าสุด"],
  ]],
  ["ในกลุ่ม", [
    ["join", "เชิญบอทเข้ากลุ่ม"], ["leave", "เอาบอทออก"], ["memberJoined", "มีคนเข้ากลุ่ม"], ["memberLeft", "มีคนออก"],
    ["messageEdited", "แก้ข้อความล่าสุด"], ["mention", "เรียก @น้องสี่สิบ"], ["mentionAll", "เรียก @ทุกคน"],
  ]],
  ["LINE ทำ", [
    ["redeliver", "ส่งซ้ำ (redelivery)"], ["duplicate", "มาสองครั้ง"], ["late", "มาช้า 10 นาที"], ["batch", "หลายเหตุการณ์ใน webhook เดียว"],
    ["standby", "โหมด standby"], ["verify", "ตรวจการเชื่อมต่อ"], ["forged", "ลายเซ็นปลอม"], ["beacon", "beacon"],
    ["accountLinkOk", "ผูกบัญชีสำเร็จ"], ["accountLinkFailed", "ผูกบัญชีไม่สำเร็จ"], ["videoPlayComplete", "ดูวิดีโอจบ"],
    ["membership", "membership"], ["module", "module"], ["activated", "activated"], ["deactivated", "deactivated"],
    ["botSuspended", "botSuspended"], ["botResumed", "botResumed"], ["delivery", "delivery"], ["unknown", "ชนิดที่ยังไม่มีใครรู้จัก"],
  ]],
  ["โควตา push", [["quotaNone", "หมดโควตาเดือนนี้"], ["quotaBack", "ได้โควตาคืน"]]],
];
const HI = "สวัสดีครับ";
const SPECIAL = {
  sticker: { kind: "sticker", keywords: ["hello"], face: "👋" },
  mention: { kind: "text", text: "@น้องสี่สิบ มาตรา 40 คืออะไร" },
  mentionAll: { kind: "text", text: "@ทุกคน พรุ่งนี้ประชุม" },
  late: { kind: "text", text: HI, late_s: 600 },
  standby: { kind: "text", text: HI, standby: true },
  forged: { kind: "text", text: HI, forged: true },
  quotaNone: { kind: "quota", value: 0 },
  quotaBack: { kind: "quota", value: 500 },
};

export class Panel {
  constructor(store, root, phone, close) {
    Object.assign(this, { store, root, phone, close, tab: "events", seen: 0 });
    this.status = el("p", { class: "panel-status", role: "status" });
    this.calls = el("ol", { class: "calls" });
  }

  draw() {
    const tab = (id, label) => el("button", { type: "button", role: "tab", "aria-selected": String(this.tab === id), text: label, onclick: () => { this.tab = id; this.draw(); } });
    this.root.replaceChildren(
      el("div", { class: "tabs" }, el("div", { role: "tablist", "aria-label": "เครื่องมือ" }, tab("events", "ส่งเหตุการณ์"), tab("json", "JSON")),
        iconButton("close", "ปิดเครื่องมือ", this.close, "only-small")),
      this.tab === "events" ? this.events() : this.json());
    this.refresh();
  }

  events() {
    return el("div", { role: "tabpanel", "aria-label": "ส่งเหตุการณ์", class: "events" }, this.status,
      ...GROUPS.flatMap(([title, kinds]) => [el("h3", { text: title }),
        el("div", { class: "event-grid" }, ...kinds.map(([kind, label]) => el("button", { type: "button", text: label, "data-kind": kind, onclick: () => this.send(kind, label) })))]));
  }

  json() {
    this.seen = 0;
    this.calls.replaceChildren();
    return el("div", { role: "tabpanel", "aria-label": "JSON", class: "json" }, this.calls);
  }

  async send(kind, label) {
    const phone = this.phone();
    const where = { chat: phone.chatId, person: phone.me };
    const action = kind === "batch"
      ? { kind, actions: [...this.store.people.keys()].slice(0, 2).map((id) => ({ kind: "text", text: HI, chat: id, person: id })) }
      : { ...where, ...(SPECIAL[kind] ?? { kind }) };
    try {
      await this.store.act(action);
      this.status.textContent = `ส่ง “${label}” แล้ว`;
    } catch (error) {
      this.status.textContent = `ส่งไม่ได้: ${error.message}`;
    }
  }

  refresh() {
    if (this.tab !== "json") return;
    for (const call of this.store.calls) {
      if (call.number <= this.seen) continue;
      this.seen = call.number;
      this.calls.prepend(drawCall(call));
    }
    while (this.calls.childElementCount > 200) this.calls.lastChild.remove();
  }
}

function drawCall(call) {
  const good = call.status >= 200 && call.status < 300;
  const arrow = call.direction === "in" ? "LINE → บอท" : "บอท → LINE";
  const part = (label, value) => [el("p", { class: "call-part", text: label }), el("pre", { tabindex: "0", text: typeof value === "string" ? value : JSON.stringify(value, null, 1) })];
  return el("li", { class: call.direction }, el("details", {},
    el("summary", {}, el("span", { class: "arrow", text: arrow }), el("code", { text: call.title }),
      el("span", { class: good ? "status good" : "status bad", text: call.status || "ไม่ตอบ" }), el("time", { text: clock(call.at) })),
    ...part("ส่ง", call.request), ...part("ตอบ", call.answer)));
}
