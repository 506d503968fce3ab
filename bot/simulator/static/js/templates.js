// Template messages: buttons, confirm and carousels, drawn as LINE's plain cards.

import { el } from "./dom.js";

export function drawTemplate(message, deep) {
  const { template } = message;
  if (template.type === "image_carousel") {
    return el("div", { class: "carousel" }, ...template.columns.map((c) => card({ thumbnailImageUrl: c.imageUrl, actions: [c.action] }, deep)));
  }
  if (template.type === "carousel") return el("div", { class: "carousel" }, ...template.columns.map((c) => card(c, deep)));
  return card(template, deep, template.type === "confirm");
}

function card(part, deep, side = false) {
  return el("div", { class: "template" },
    part.thumbnailImageUrl ? el("img", { src: deep.reach(part.thumbnailImageUrl), alt: "" }) : null,
    part.title ? el("strong", { text: part.title }) : null,
    part.text ? el("p", { text: part.text }) : null,
    el("div", { class: side ? "template-side" : "template-actions" },
      ...part.actions.map((action) => el("button", { type: "button", text: action.label ?? "เปิด", onclick: () => deep.act(action) }))));
}
