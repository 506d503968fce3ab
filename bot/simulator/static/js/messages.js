// One thing seen in a chat → its element.

import { botFace, clock, el, face, icon, linked } from "./dom.js";
import { drawFlex } from "./flex.js";
import { drawTemplate } from "./templates.js";

// `deep` opens actions and addresses: {act(action), open(url), reach(url)}.
export function drawEntry(entry, me, who, deep) {
  if (entry.sender === "system") return el("p", { class: "note", text: entry.message.text });
  if (entry.unsent) return el("p", { class: "note", text: "ยกเลิกข้อความแล้ว" });
  const mine = entry.sender === me;
  const row = el("div", { class: `entry ${mine ? "mine" : "theirs"}`, "data-id": entry.id, "data-from": entry.sender === "bot" ? "bot" : "person" });
  if (!mine) row.append(entry.sender === "bot" ? botFace(34) : face(who, 34));
  const body = el("div", { class: "entry-body" });
  if (!mine) body.append(el("span", { class: "who", text: entry.sender === "bot" ? (entry.message.sender?.name ?? "น้องสี่สิบ") : who.name }));
  const line = el("div", { class: "line" }, entry.refusal ? drawRefusal(entry) : drawMessage(entry.message, deep));
  line.append(el("span", { class: "when" }, mine ? el("span", { text: "อ่านแล้ว" }) : null, el("time", { text: clock(entry.at) })));
  body.append(line);
  row.append(body);
  return row;
}

function drawRefusal(entry) {
  const { status, message, details = [] } = entry.refusal;
  return el("details", { class: "refused", open: true },
    el("summary", { text: `LINE ไม่ส่งให้ (${status}) ${message}` }),
    el("ul", {}, ...details.map((d) => el("li", { text: `${d.property}: ${d.message}` }))),
    el("pre", { tabindex: "0", text: JSON.stringify(entry.message.request, null, 1) }));
}

const DRAW = {
  text: (m, deep) => el("div", { class: "bubble" }, ...linked(m.text, deep.open)),
  textV2: (m, deep) => el("div", { class: "bubble" }, ...linked(plainV2(m), deep.open)),
  sticker: (m) => el("div", { class: "sticker", role: "img", "aria-label": "สติกเกอร์", text: m.face ?? "😊" }),
  image: (m, deep) => (m.originalContentUrl
    ? el("a", { class: "photo", href: deep.reach(m.originalContentUrl), target: "_blank", rel: "noopener" },
      el("img", { src: deep.reach(m.previewImageUrl), alt: "รูปภาพ" }))
    : dummy("image", "รูปภาพ")),
  video: (m) => dummy("video", m.duration ? "วิดีโอ 0:12" : "วิดีโอ"),
  audio: () => dummy("mic", "ข้อความเสียง 0:04"),
  file: (m) => dummy("file", m.fileName),
  location: (m) => el("div", { class: "bubble place" }, icon("pin", 28),
    el("div", {}, el("strong", { text: m.title ?? "ตำแหน่ง" }), el("div", { text: m.address ?? `${m.latitude.toFixed(4)}, ${m.longitude.toFixed(4)}` }))),
  flex: (m, deep) => drawFlex(m, deep),
  template: (m, deep) => drawTemplate(m, deep),
};

export function drawMessage(message, deep) {
  const draw = DRAW[message.type];
  return draw ? draw(message, deep) : el("div", { class: "bubble", text: message.altText ?? `[${message.type}]` });
}

function dummy(name, label) {
  return el("div", { class: "bubble dummy" }, icon(name, 28), el("span", { text: label }));
}

function plainV2(message) {
  return message.text.replace(/\{(\w+)\}/g, (whole, key) => (message.substitution?.[key]?.type === "mention" ? "@คุณ" : "🙂"));
}
