// What the played platform knows, kept up to date by asking for changes.

const QUICK_MS = 350;
const SLOW_MS = 1500;

export class Store {
  constructor() {
    this.version = 0;
    this.epoch = "";
    this.people = new Map();
    this.chats = new Map();
    this.menus = {};
    this.calls = [];
    this.facts = {};
    this.ownUrl = "";
    this.listeners = new Set();
    this.wake = () => {};
  }

  listen(listener) { this.listeners.add(listener); }

  async run() {
    for (;;) {
      let changed = false;
      try { changed = await this.poll(); } catch { /* the server is away; ask again */ }
      await new Promise((resolve) => {
        this.wake = resolve;
        setTimeout(resolve, changed || !document.hidden ? QUICK_MS : SLOW_MS);
      });
    }
  }

  async poll() {
    const answer = await fetch(`api/state?since=${this.version}`);
    if (answer.status !== 200) return false;
    const state = await answer.json();
    if (this.epoch && this.epoch !== state.epoch) { location.reload(); return false; }
    this.merge(state);
    for (const listener of this.listeners) listener();
    return true;
  }

  merge(state) {
    this.epoch = state.epoch;
    this.version = state.version;
    this.ownUrl = state.ownUrl;
    this.menus = state.menus;
    this.facts = { refusals: state.refusals, quota: state.quota, pushed: state.pushed };
    for (const person of state.people) this.people.set(person.id, person);
    for (const fresh of state.chats) {
      const entries = this.chats.get(fresh.id)?.entries ?? new Map();
      for (const entry of fresh.entries) entries.set(entry.id, entry);
      this.chats.set(fresh.id, { ...fresh, entries, loadingTill: Date.now() + fresh.loadingMs });
    }
    this.calls = [...this.calls, ...state.calls].slice(-200);
  }

  async act(action) {
    const answer = await fetch("api/do", {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(action),
    });
    const body = await answer.json();
    this.wake();
    if (!answer.ok) throw new Error(body.error);
    return body;
  }

  // An address of the bot itself, which pretends to have a certificate, as this page reaches it.
  reach(url) {
    return this.ownUrl && url.startsWith(this.ownUrl) ? location.origin + url.slice(this.ownUrl.length) : url;
  }
}
