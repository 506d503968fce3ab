// The rich menu: its picture, with a button over each area.

import { el } from "./dom.js";

export function drawMenu(id, menu, act) {
  const { width, height } = menu.size;
  const share = (part, whole) => `${(100 * part) / whole}%`;
  return el("div", { class: "rich-menu", style: { aspectRatio: `${width}/${height}` } },
    el("img", { src: `menu/${id}`, alt: "" }),
    ...menu.areas.map(({ bounds, action }, i) => el("button", {
      type: "button", "aria-label": action.label ?? action.displayText ?? action.text ?? `ช่องที่ ${i + 1}`,
      onclick: () => act(action),
      style: { left: share(bounds.x, width), top: share(bounds.y, height), width: share(bounds.width, width), height: share(bounds.height, height) },
    })));
}
