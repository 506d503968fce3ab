// One phone: a person (or a member of a group) looking at one chat.

import { botFace, clock, el, icon, iconButton } from "./dom.js";
import { drawEntry } from "./messages.js";
import { drawMenu } from "./menu.js";
import { dateSheet, locationSheet, messageSheet, plusSheet, stickerSheet, toast } from "./sheets.js";
import { perform } from "./actions.js";

export class Phone {
  constructor(store, chatId, desk) {
    this.store = store;
    this.chatId = chatId;
    this.desk = desk;
    this.me = store.people.has(chatId) ? chatId : [...store.people.keys()][0];
    this.drawn = new Map();
    this.dismissed = new Set();
    this.menuOpen = false;
    this.menuId = null;
    this.build();
  }

  get chat() { return this.store.chats.get(this.chatId); }
  get person() { return this.store.people.get(this.me); }
  get alone() { return this.chat.kind === "user"; }

  build() {
    this.log = el("div", { class: "log", role: "log", "aria-label": "ข้อความ", tabindex: "0" });
    this.strip = el("div", { class: "strip" });
    this.quick = el("div", { class: "quick", role: "group", "aria-label": "คำตอบด่วน",
      onwheel: (event) => { this.quick.scrollLeft += event.deltaY; } });
    this.sheet = el("div", { class: "sheet-place" });
    this.head = el("header", { class: "bar" });
    this.status = el("div", { class: "status-bar", "aria-hidden": "true" }, el("span", { text: clock(Date.now() / 1000) }), el("span", { text: "4G ▮▮▮" }));
    this.root = el("section", { class: "phone", "aria-label": `โทรศัพท์ของ ${this.person.name}` },
      this.status, this.head, this.strip, this.log, this.quick, this.sheet);
    this.input = el("textarea", { rows: "1", "aria-label": "พิมพ์ข้อความ", placeholder: "พิมพ์ข้อความ", maxlength: "5000",
      onkeydown: (event) => this.key(event), oninput: () => { this.setMenu(false); this.grow(); } });
    this.menuPlace = el("div");
    this.foot = el("div", { class: "foot" }, this.composer(), this.menuPlace);
    this.root.insertBefore(this.foot, this.sheet);
    this.dots = el("div", { class: "entry theirs dots-row" }, botFace(34),
      el("div", { class: "bubble dots", role: "status", "aria-label": "กำลังพิมพ์" }, el("i"), el("i"), el("i")));
  }

  start() {
    this.drawHead();
    this.draw();
    this.log.scrollTop = this.log.scrollHeight;
  }

  drawHead() {
    const title = this.alone ? "น้องสี่สิบ" : `${this.chat.name} (${this.chat.members.length + (this.chat.botIn ? 1 : 0)})`;
    const who = this.alone
      ? el("span", { class: "as", text: `เครื่องของ ${this.person.name}` })
      : el("label", { class: "as" }, "คุยในชื่อ ", this.pickMe());
    const parts = [
      iconButton("back", "รายชื่อ", this.desk.list, "only-small"),
      el("div", { class: "title" }, el("h2", {}, this.alone ? el("span", { class: "badge", title: "บัญชีทางการ" }, icon("shield", 13)) : null, title), who),
      iconButton("tools", "เครื่องมือทดสอบ", this.desk.tools, "only-small"),
    ];
    if (this.desk.close) parts.push(iconButton("close", "ปิดเครื่องนี้", this.desk.close));
    this.head.replaceChildren(...parts);
  }

  pickMe() {
    return el("select", { "aria-label": "คุยในชื่อ", onchange: (event) => { this.me = event.target.value; this.redraw(); } },
      ...this.chat.members.map((id) => el("option", { value: id, selected: id === this.me, text: this.store.people.get(id).name })));
  }

  redraw() {
    this.drawn.clear();
    this.log.replaceChildren();
    this.draw();
  }

  draw() {
    const entries = [...this.chat.entries.values()];
    let fresh = false;
    let before = null;
    if (!entries.length) this.log.replaceChildren(this.welcome());
    else if (!this.drawn.size) this.log.replaceChildren();
    for (const entry of entries) {
      const follows = before?.sender === entry.sender;
      before = entry;
      const old = this.drawn.get(entry.id);
      if (old?.changed === entry.changed) continue;
      const node = drawEntry(entry, this.me, this.store.people.get(entry.sender) ?? { id: "x", name: "สมาชิก" }, this.deep());
      if (follows) node.classList.add("follows");
      if (entry.sender === this.me && !entry.unsent) this.holdable(node, entry);
      if (old) old.node.replaceWith(node);
      else { this.log.append(node); fresh = true; }
      this.drawn.set(entry.id, { changed: entry.changed, node });
    }
    this.drawDots();
    if (fresh) this.down();
    this.drawStrip();
    this.drawQuick(entries);
    this.drawFoot();
  }

  welcome() {
    return el("div", { class: "welcome" }, botFace(88), el("strong", { text: this.alone ? "น้องสี่สิบ" : this.chat.name }),
      el("p", { text: this.alone ? "บอทตอบเรื่องประกันสังคมมาตรา 40 และรับสมัครเบื้องต้น" : "กลุ่มนี้ยังไม่มีข้อความ" }));
  }

  // Holding an own message (or the other mouse button) offers to take it back, as in LINE.
  holdable(node, entry) {
    node.addEventListener("contextmenu", (event) => {
      event.preventDefault();
      messageSheet(this, entry);
    });
  }

  deep() {
    return { act: (action) => this.act(action), open: (url) => this.open(url), reach: (url) => this.store.reach(url) };
  }

  drawDots() {
    const left = this.chat.loadingTill - Date.now();
    if (left > 0 && this.alone) {
      if (!this.dots.isConnected || this.dots.nextSibling) { this.log.append(this.dots); this.down(); }
      clearTimeout(this.dotsTimer);
      this.dotsTimer = setTimeout(() => this.dots.remove(), left);
    } else this.dots.remove();
  }

  down() { requestAnimationFrame(() => { this.log.scrollTop = this.log.scrollHeight; }); }

  // The strip under the title: add as a friend, unblock, invite to the group.
  drawStrip() {
    const { friend, blocked } = this.person;
    const state = this.alone ? `${friend}${blocked}` : `group${this.chat.botIn}`;
    if (state === this.stripState) return;
    this.stripState = state;
    this.strip.replaceChildren();
    const offer = (text, label, kind) => this.strip.append(el("span", { text }), el("button", { type: "button", text: label, onclick: () => this.do({ kind }) }));
    if (this.alone && blocked) offer("คุณบล็อกบัญชีนี้อยู่", "ปลดบล็อก", "follow");
    else if (this.alone && !friend) offer("ยังไม่ได้เป็นเพื่อนกับบัญชีนี้", "เพิ่มเพื่อน", "follow");
    else if (!this.alone && !this.chat.botIn) offer("น้องสี่สิบยังไม่อยู่ในกลุ่มนี้", "เชิญเข้ากลุ่ม", "join");
    this.strip.hidden = !this.strip.childElementCount;
    this.drawHead();
    this.footState = "";
  }

  drawQuick(entries) {
    const spoken = entries.filter((entry) => entry.sender !== "system");
    const newest = spoken.at(-1);
    const items = newest?.sender === "bot" && !newest.refusal && !this.dismissed.has(newest.id) ? newest.message.quickReply?.items ?? [] : [];
    const state = items.length ? newest.id : "";
    if (state === this.quickState) return;
    this.quickState = state;
    this.quick.hidden = !items.length;
    this.quick.replaceChildren(...items.map((item) => el("button", {
      type: "button", class: "pill", text: item.action.label,
      onclick: () => { this.dismiss(newest.id, item.action); this.act(item.action); },
    })));
    this.quick.scrollLeft = 0;
    if (items.length) this.down();
  }

  // Pickers may be cancelled, so their buttons stay until something is said.
  dismiss(id, action) {
    if (["datetimepicker", "location", "camera", "cameraRoll", "uri"].includes(action.type)) return;
    this.dismissed.add(id);
    this.quickState = "";
    this.quick.hidden = true;
  }

  // The composer stays above the menu (LINE hides it behind a keyboard button), so that a tester
  // can always type; as in LINE the menu folds away while somebody types.
  drawFoot() {
    const { friend, blocked, menu: id } = this.person;
    const menu = this.alone && friend && !blocked ? this.store.menus[id] : null;
    if (menu && this.menuId === null) this.menuOpen = menu.selected;
    if (menu) this.menuId = id;
    const state = `${menu ? id : ""}|${this.menuOpen}|${blocked}`;
    if (state === this.footState) return;
    this.footState = state;
    this.input.disabled = this.alone && blocked;
    this.menuPlace.replaceChildren(...(menu ? this.menuParts(id, menu) : []));
    this.down();
  }

  menuParts(id, menu) {
    const bar = el("button", { type: "button", class: "menu-bar", "aria-expanded": String(this.menuOpen), onclick: () => this.setMenu(!this.menuOpen) },
      menu.chatBarText, icon("down", 16));
    return this.menuOpen ? [bar, drawMenu(id, menu, (action) => this.act(action))] : [bar];
  }

  composer() {
    return el("form", { class: "composer", onsubmit: (event) => { event.preventDefault(); this.submit(); } },
      iconButton("plus", "ส่งอย่างอื่น", () => plusSheet(this)),
      this.input,
      iconButton("smile", "สติกเกอร์", () => stickerSheet(this)),
      el("button", { type: "submit", class: "icon send", "aria-label": "ส่ง", title: "ส่ง" }, icon("send")));
  }

  setMenu(open) {
    this.menuOpen = open;
    this.drawFoot();
  }

  key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.submit();
  }

  grow() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 120)}px`;
  }

  submit() {
    const text = this.input.value.trim();
    if (!text) return;
    this.input.value = "";
    this.grow();
    this.say(text);
  }

  say(text) { return this.do({ kind: "text", text }); }

  async do(action) {
    try {
      return await this.store.act({ chat: this.chatId, person: this.me, ...action });
    } catch (error) {
      toast(this, error.message === "blocked" ? "บัญชีนี้ถูกบล็อกอยู่" : error.message);
      return null;
    }
  }

  act(action) { return perform(this, action); }

  open(url) { return perform(this, { type: "uri", uri: url }); }

  pickDate(action) { dateSheet(this, action); }

  pickPlace() { locationSheet(this); }

  fill(text) {
    this.input.value = text;
    this.setMenu(false);
    this.input.focus();
  }
}

