// Keys, the count-down of undo, the preview of a message. Everything else works without this file.
"use strict";

const keyed = [...document.querySelectorAll("[data-key]")];
const typing = (element) => element.matches("input:not([type=checkbox]):not([type=radio]), textarea, select");

function nameOf(element) {
  const label = element.labels && element.labels[0];
  const text = label ? label.querySelector("span") : element;
  return (text || element).textContent.trim();
}

function press(element) {
  const details = element.closest("details");
  if (details && element.tagName !== "SUMMARY") details.open = true;
  if (typing(element)) element.focus();
  else if (element.tagName === "BUTTON" && element.form && !element.classList.contains("quiet")) element.focus();
  else element.click();
}

// A button that decides something is only focused by its key: Enter then presses it. So a slip of one key changes nothing.
const atOnce = new Set(["n", "r", "e", "u", "s", "/"]);

let chord = "";
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape" && typing(document.activeElement)) { document.activeElement.blur(); return; }
  if (typing(event.target)) return;
  if (event.key === "?") { showKeys(); event.preventDefault(); return; }
  const wanted = chord ? `${chord} ${keyName(event)}` : keyName(event);
  chord = "";
  if (wanted === "g") { chord = "g"; return; }
  const found = keyed.find((element) => element.dataset.key === wanted && element.offsetParent !== null)
    || keyed.find((element) => element.dataset.key === wanted);
  if (!found) return;
  event.preventDefault();
  if (atOnce.has(wanted) && found.tagName === "BUTTON") found.click();
  else press(found);
});

// The key's place on the keyboard counts, so that it also works while the Thai layout is on.
function keyName(event) {
  if (/^Key[A-Z]$/.test(event.code)) return event.code.slice(3).toLowerCase();
  if (event.code === "Slash" && !event.shiftKey) return "/";
  return event.key;
}

function showKeys() {
  const dialog = document.getElementById("keys");
  if (!dialog) return;
  const list = dialog.querySelector("dl");
  list.replaceChildren();
  for (const element of keyed) {
    const key = document.createElement("dt");
    const name = document.createElement("dd");
    key.textContent = element.dataset.key;
    name.textContent = nameOf(element);
    list.append(key, name);
  }
  dialog.showModal();
}

for (const element of keyed) if (element.tagName === "BUTTON") element.dataset.shownKey = element.dataset.key;

for (const left of document.querySelectorAll("[data-until]")) {
  const until = Date.parse(left.dataset.until);
  const bar = left.closest("form");
  const tick = () => {
    const seconds = Math.ceil((until - Date.now()) / 1000);
    if (seconds <= 0) { bar.remove(); return; }
    left.textContent = String(seconds);
    setTimeout(tick, 500);
  };
  tick();
}

for (const chooser of document.querySelectorAll("[data-preview]")) {
  const bubble = document.getElementById(chooser.dataset.preview);
  const own = document.getElementById("own-words");
  const show = () => {
    const words = own.value.trim() || chooser.selectedOptions[0].dataset.words || "";
    bubble.textContent = words;
    bubble.hidden = !words;
  };
  chooser.addEventListener("change", show);
  own.addEventListener("input", show);
}

for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", () => {
    if (form.hasAttribute("data-stay") || (form.getAttribute("action") || "").endsWith(".pdf")) return;
    setTimeout(() => { for (const button of form.querySelectorAll("button")) button.disabled = true; }, 0);
  });
}

for (const talk of document.querySelectorAll(".talk")) talk.scrollTop = talk.scrollHeight;

const live = document.querySelector("[data-refresh]");
if (live) setTimeout(() => location.reload(), Number(live.dataset.refresh) * 1000);
