// The desk: a list of people and groups, one or more phones, and the tools of the tester.

import { el, face, icon, iconButton } from "./dom.js";
import { Panel } from "./panel.js";
import { Phone } from "./phone.js";
import { Store } from "./store.js";
import { ask } from "./sheets.js";

// A still shows the messages alone, for pictures of answers.
if (new URLSearchParams(location.search).has("still")) document.body.dataset.still = "";

const store = new Store();
const desk = {
  list: document.getElementById("list"),
  phones: document.getElementById("phones"),
  facts: document.getElementById("facts"),
  open: [],
};
const panel = new Panel(store, document.getElementById("panel"), () => desk.open[0], () => show(""));

// "list", "panel" or nothing lies over the phone on small screens.
function show(what) { document.body.dataset.show = what; }

function wanted() {
  const names = location.hash.slice(1).split("+").map((id) => store.chats.get(id)).filter(Boolean);
  return names.length ? names : [store.chats.values().next().value];
}

function openChat(chatId, beside) {
  const others = beside ? desk.open.map((phone) => phone.chatId).filter((id) => id !== chatId) : [];
  location.hash = [...others.slice(-2), chatId].join("+");
  show("");
}

function drawPhones() {
  const chats = wanted();
  for (const phone of desk.open) phone.root.remove();
  desk.open = chats.map((chat) => new Phone(store, chat.id, {
    close: chats.length > 1 ? () => closeChat(chat.id) : null,
    list: () => show("list"),
    tools: () => show("panel"),
    go: (id) => openChat(id, false),
  }));
  desk.phones.replaceChildren(...desk.open.map((phone) => phone.root));
  for (const phone of desk.open) phone.start();
  drawList();
  panel.draw();
}

function closeChat(chatId) {
  location.hash = desk.open.map((phone) => phone.chatId).filter((id) => id !== chatId).join("+");
}

function last(chat) {
  const entries = [...chat.entries.values()];
  const message = entries.at(-1)?.message;
  return message?.text ?? message?.altText ?? (message ? "ส่งสื่อ" : "ยังไม่ได้คุย");
}

function row(chat) {
  const open = desk.open.some((phone) => phone.chatId === chat.id);
  const who = store.people.get(chat.id) ?? { id: chat.id, name: chat.name };
  return el("li", { class: open ? "open" : "" },
    el("button", { type: "button", class: "row", "aria-current": open ? "true" : undefined, onclick: () => openChat(chat.id, false) },
      face(who, 44),
      el("span", { class: "row-words" }, el("strong", { text: who.name }),
        el("span", { class: "row-last", text: last(chat).slice(0, 60) }))),
    iconButton("plus", `เปิดเครื่องของ ${who.name} ข้างกัน`, () => openChat(chat.id, true), "beside"));
}

function drawList() {
  const chats = [...store.chats.values()];
  const people = chats.filter((chat) => chat.kind === "user");
  const groups = chats.filter((chat) => chat.kind !== "user");
  desk.list.replaceChildren(
    el("div", { class: "list-head" }, el("h2", { text: "คน" }),
      iconButton("close", "ปิดรายชื่อ", () => show(""), "only-small")),
    el("ul", {}, ...people.map(row)),
    el("button", { type: "button", class: "add", onclick: addPerson }, icon("plus", 18), "เพิ่มคน"),
    el("h2", { text: "กลุ่ม" }),
    el("ul", {}, ...groups.map(row)),
    el("button", { type: "button", class: "add", onclick: addGroup }, icon("plus", 18), "เพิ่มกลุ่ม"));
}

async function addPerson() {
  const name = await ask("ชื่อของคนใหม่", "เช่น ป้าแจ่ม");
  if (name) openNew(await store.act({ kind: "addPerson", name }));
}

async function addGroup() {
  const name = await ask("ชื่อกลุ่ม", "เช่น กลุ่ม อสม. ตำบลนาดี");
  if (name) openNew(await store.act({ kind: "addGroup", name }));
}

async function openNew({ id }) {
  await store.poll();
  openChat(id, false);
}

function drawFacts() {
  const { refusals, quota, pushed } = store.facts;
  desk.facts.replaceChildren(
    el("span", { class: refusals ? "fact bad" : "fact good", text: `LINE ปฏิเสธ ${refusals} ครั้ง`, "data-refusals": refusals }),
    el("span", { class: "fact", text: quota === null ? `push ${pushed}` : `push ${pushed}/${quota}` }));
}

let drawn = "";
store.listen(() => {
  if (!desk.open.length) drawPhones();
  for (const phone of desk.open) phone.draw();
  const state = JSON.stringify([...store.chats.values()].map((c) => [c.id, c.name, last(c)]));
  if (state !== drawn) { drawn = state; drawList(); }
  drawFacts();
  panel.refresh();
});
addEventListener("hashchange", drawPhones);
addEventListener("keydown", (event) => { if (event.key === "Escape") show(""); });
store.run();
