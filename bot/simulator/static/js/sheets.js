// What slides up from below: the plus menu, stickers, places, dates; and small notices.

import { el, icon, iconButton } from "./dom.js";

const STICKERS = [
  ["👋", "สวัสดี", ["hello", "hi"]], ["🙏", "ขอบคุณ", ["thank you", "thanks"]], ["👍", "โอเค", ["ok", "good"]],
  ["❤️", "รัก", ["love", "heart"]], ["😊", "ยิ้ม", ["smile", "happy"]], ["😭", "ร้องไห้", ["cry", "sad"]],
  ["😡", "โกรธ", ["angry"]], ["❓", "สงสัย", ["question", "confused"]], ["😴", "ง่วง", ["sleep", "good night"]],
  ["💰", "เงิน", ["money"]], ["🎉", "ดีใจ", ["congratulations"]], ["👌", "ตกลง", ["ok", "yes"]],
];
const PLACES = [
  ["ศาลากลางจังหวัดขอนแก่น", "ในเมือง เมืองขอนแก่น ขอนแก่น 40000", 16.4419, 102.8360],
  ["ตลาดวโรรส", "ช้างม่อย เมืองเชียงใหม่ เชียงใหม่ 50300", 18.7903, 99.0008],
  ["ตลาดคลองเตย", "คลองเตย กรุงเทพมหานคร 10110", 13.7206, 100.5577],
  ["หอนาฬิกาหาดใหญ่", "หาดใหญ่ สงขลา 90110", 7.0063, 100.4700],
  ["ท่าเรือระนอง", "ปากน้ำ เมืองระนอง ระนอง 85000", 9.9460, 98.5930],
  ["โตเกียว (นอกประเทศ)", "", 35.6812, 139.7671],
];

export function openSheet(phone, title, ...contents) {
  const close = () => phone.sheet.replaceChildren();
  const sheet = el("div", { class: "sheet", role: "dialog", "aria-label": title },
    el("div", { class: "sheet-head" }, el("h3", { text: title }), iconButton("close", "ปิด", close)), ...contents);
  sheet.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  phone.sheet.replaceChildren(el("div", { class: "shade", onclick: close }), sheet);
  sheet.querySelector("button, input")?.focus();
  return close;
}

export function plusSheet(phone) {
  let close = () => {};
  const send = (kind) => () => { close(); phone.do({ kind }); };
  const item = (name, label, onclick) => el("button", { type: "button", class: "plus-item", onclick }, icon(name, 30), el("span", { text: label }));
  close = openSheet(phone, "ส่งอย่างอื่น", el("div", { class: "plus-grid" },
    item("image", "รูปภาพ", send("image")), item("camera", "ถ่ายรูป", send("image")),
    item("video", "วิดีโอ", send("video")), item("mic", "เสียง", send("audio")),
    item("file", "ไฟล์", send("file")), item("pin", "ตำแหน่ง", () => { close(); locationSheet(phone); })));
}

export function stickerSheet(phone) {
  let close = () => {};
  const send = ([sticker, , keywords], i) => () => { close(); phone.do({ kind: "sticker", sticker_id: String(52002734 + i), face: sticker, keywords }); };
  close = openSheet(phone, "สติกเกอร์", el("div", { class: "sticker-grid" },
    ...STICKERS.map((s, i) => el("button", { type: "button", "aria-label": `สติกเกอร์ ${s[1]}`, onclick: send(s, i), text: s[0] }))));
}

export function locationSheet(phone) {
  let close = () => {};
  const send = (title, address, latitude, longitude) => { close(); phone.do({ kind: "location", title, address, latitude, longitude }); };
  const own = (event) => {
    event.preventDefault();
    const form = new FormData(event.target);
    send("ตำแหน่งของฉัน", "", Number(form.get("latitude")), Number(form.get("longitude")));
  };
  close = openSheet(phone, "ส่งตำแหน่ง",
    el("ul", { class: "places" }, ...PLACES.map((place) => el("li", {}, el("button", { type: "button", onclick: () => send(...place) }, icon("pin", 20), el("span", { text: place[0] }))))),
    el("form", { class: "coordinates", onsubmit: own },
      number("latitude", "ละติจูด", 16.43, 90), number("longitude", "ลองจิจูด", 102.83, 180),
      el("button", { type: "submit", text: "ส่ง" })));
}

function number(name, label, value, bound) {
  return el("label", {}, label, el("input", { name, type: "number", step: "any", min: -bound, max: bound, value, required: true }));
}

export function dateSheet(phone, action) {
  const type = { date: "date", time: "time", datetime: "datetime-local" }[action.mode];
  const input = el("input", { type, value: action.initial?.replace("t", "T"), min: action.min, max: action.max, required: true, "aria-label": action.label ?? "เลือกวัน" });
  let close = () => {};
  const submit = (event) => {
    event.preventDefault();
    close();
    phone.do({ kind: "postback", data: action.data, params: { [action.mode]: input.value } });
  };
  close = openSheet(phone, action.label ?? "เลือกวัน", el("form", { class: "picker", onsubmit: submit }, input, el("button", { type: "submit", text: "ตกลง" })));
  input.focus();
}

export function messageSheet(phone, entry) {
  let close = () => {};
  const choose = (label, act) => el("li", {}, el("button", { type: "button", text: label, onclick: () => { close(); act(); } }));
  const unsend = () => phone.do({ kind: "unsend", message_id: entry.id });
  const edit = async () => {
    const text = await ask("แก้ข้อความ", entry.message.text);
    if (text) phone.do({ kind: "messageEdited", message_id: entry.id, text });
  };
  const editable = !phone.alone && entry.message.type === "text";
  close = openSheet(phone, "ข้อความของฉัน", el("ul", { class: "places" },
    choose("ยกเลิกข้อความ", unsend), editable ? choose("แก้ข้อความ", edit) : null));
}

export function toast(phone, text) {
  const node = el("div", { class: "toast", role: "status", text });
  phone.root.append(node);
  setTimeout(() => node.remove(), 2500);
}

// A small question to the tester; resolves to the words, or null.
export function ask(title, placeholder) {
  return new Promise((resolve) => {
    const input = el("input", { type: "text", maxlength: "60", placeholder, "aria-label": title });
    const dialog = el("dialog", { class: "ask", "aria-label": title },
      el("form", { method: "dialog", onsubmit: () => dialog.close(input.value.trim()) },
        el("h3", { text: title }), input,
        el("div", { class: "ask-buttons" },
          el("button", { type: "button", text: "ยกเลิก", onclick: () => dialog.close("") }),
          el("button", { type: "submit", class: "main", text: "ตกลง" }))));
    dialog.addEventListener("close", () => { dialog.remove(); resolve(dialog.returnValue || null); });
    document.body.append(dialog);
    dialog.showModal();
  });
}
