// Flex messages: LINE's boxes on CSS flexbox. Own code, since the npm renderers make HTML strings
// from unescaped text and inline handlers, which neither is safe nor can tell what was tapped.

import { el } from "./dom.js";

const SPACE = { none: "0", xs: "2px", sm: "4px", md: "8px", lg: "12px", xl: "16px", xxl: "20px" };
const TEXT = { xxs: "11px", xs: "13px", sm: "14px", md: "16px", lg: "19px", xl: "22px", xxl: "29px", "3xl": "35px", "4xl": "48px", "5xl": "74px" };
const IMAGE = { xxs: "40px", xs: "60px", sm: "80px", md: "100px", lg: "120px", xl: "140px", xxl: "160px", "3xl": "180px", "4xl": "200px", "5xl": "220px", full: "100%" };
const BORDER = { none: "0", light: "0.5px", normal: "1px", medium: "2px", "semi-bold": "3px", bold: "4px" };
const ALIGN = { start: "left", end: "right", center: "center" };
const GRAVITY = { top: "flex-start", center: "center", bottom: "flex-end" };
const BLOCKS = ["header", "hero", "body", "footer"];

export function drawFlex(message, deep) {
  const { contents } = message;
  const bubbles = contents.type === "carousel" ? contents.contents : [contents];
  const drawn = bubbles.map((bubble) => drawBubble(bubble, deep));
  const label = { role: "group", "aria-label": message.altText };
  return drawn.length > 1
    ? el("div", { class: "carousel", tabindex: "0", ...label }, ...drawn)
    : el("div", { class: "flex-alone", ...label }, ...drawn);
}

function drawBubble(bubble, deep) {
  const node = el("div", { class: `flex-bubble flex-${bubble.size ?? "mega"}`, dir: bubble.direction ?? "ltr" });
  for (const name of BLOCKS) {
    if (!bubble[name]) continue;
    const style = bubble.styles?.[name] ?? {};
    const block = el("div", { class: `flex-block flex-${name}` }, component(bubble[name], deep, "vertical"));
    if (style.backgroundColor) block.style.backgroundColor = style.backgroundColor;
    if (style.separator) block.style.borderTop = `1px solid ${style.separatorColor ?? "#d4d6da"}`;
    node.append(block);
  }
  tappable(node, bubble.action, deep);
  return node;
}

const DRAW = { box, text, button, image, icon: iconImage, separator, filler: () => el("div", {}), video, span };

function component(part, deep, layout) {
  const node = DRAW[part.type](part, deep, layout);
  place(node, part, layout);
  return node;
}

// What every component shares: how it grows, how far it stands off, where it lies.
function place(node, part, layout) {
  const horizontal = layout !== "vertical";
  const grows = part.flex ?? (part.type === "filler" || (horizontal && !["icon", "separator"].includes(part.type)) ? 1 : 0);
  node.style.flex = grows ? `${grows} 1 0` : "none";
  if (horizontal) node.style.minWidth = "0";
  if (part.margin) node.style[horizontal ? "marginInlineStart" : "marginTop"] = SPACE[part.margin] ?? part.margin;
  if (part.gravity && horizontal) node.style.alignSelf = GRAVITY[part.gravity];
  if (part.position === "absolute") node.style.position = "absolute";
  else if (part.offsetTop || part.offsetStart || part.offsetBottom || part.offsetEnd) node.style.position = "relative";
  for (const [name, css] of [["offsetTop", "top"], ["offsetBottom", "bottom"], ["offsetStart", "insetInlineStart"], ["offsetEnd", "insetInlineEnd"]]) {
    if (part[name]) node.style[css] = SPACE[part[name]] ?? part[name];
  }
}

function box(part, deep) {
  const node = el("div", { class: `flex-box flex-${part.layout}` });
  const style = node.style;
  if (part.spacing) style.gap = SPACE[part.spacing] ?? part.spacing;
  for (const [name, css] of [["paddingAll", "padding"], ["paddingTop", "paddingTop"], ["paddingBottom", "paddingBottom"], ["paddingStart", "paddingInlineStart"], ["paddingEnd", "paddingInlineEnd"]]) {
    if (part[name]) style[css] = SPACE[part[name]] ?? part[name];
  }
  for (const name of ["backgroundColor", "width", "height", "maxWidth", "maxHeight", "justifyContent", "alignItems"]) {
    if (part[name]) style[name] = part[name];
  }
  if (part.cornerRadius) style.borderRadius = SPACE[part.cornerRadius] ?? part.cornerRadius;
  if (part.borderWidth) style.border = `${BORDER[part.borderWidth] ?? part.borderWidth} solid ${part.borderColor ?? "#000"}`;
  if (part.background) {
    const { angle, startColor, centerColor, endColor, centerPosition = "50%" } = part.background;
    style.background = `linear-gradient(${angle}, ${[startColor, centerColor && `${centerColor} ${centerPosition}`, endColor].filter(Boolean).join(", ")})`;
  }
  node.append(...part.contents.map((child) => component(child, deep, part.layout)));
  tappable(node, part.action, deep);
  return node;
}

function letters(node, part) {
  if (part.size) node.style.fontSize = TEXT[part.size] ?? part.size;
  if (part.color) node.style.color = part.color;
  if (part.weight) node.style.fontWeight = part.weight === "bold" ? "700" : "400";
  if (part.style) node.style.fontStyle = part.style;
  if (part.decoration) node.style.textDecoration = part.decoration;
}

function text(part, deep) {
  const node = el("div", { class: `flex-text ${part.wrap ? "wrap" : ""}` });
  letters(node, { size: "md", ...part });
  if (part.align) node.style.textAlign = ALIGN[part.align];
  if (part.lineSpacing) node.style.lineHeight = `calc(1.35em + ${part.lineSpacing})`;
  if (part.maxLines) Object.assign(node.style, { display: "-webkit-box", webkitLineClamp: String(part.maxLines), webkitBoxOrient: "vertical" });
  if (part.contents?.length) node.append(...part.contents.map((child) => span(child)));
  else node.textContent = part.text;
  tappable(node, part.action, deep);
  return node;
}

function span(part) {
  const node = el("span", { text: part.text });
  letters(node, part);
  return node;
}

function button(part, deep) {
  const style = part.style ?? "link";
  const node = el("button", { type: "button", class: `flex-button flex-${style} flex-${part.height ?? "md"}`, text: part.action.label, onclick: () => deep.act(part.action) });
  if (part.color) node.style[style === "link" ? "color" : "backgroundColor"] = part.color;
  if (part.adjustMode === "shrink-to-fit") requestAnimationFrame(() => shrink(node));
  return node;
}

function shrink(node) {
  for (let size = 16; size > 10 && node.scrollWidth > node.clientWidth; size -= 0.5) node.style.fontSize = `${size}px`;
}

function image(part, deep) {
  const picture = el("img", { src: deep.reach(part.url), alt: "", class: part.aspectMode === "cover" ? "cover" : "fit" });
  picture.style.width = IMAGE[part.size ?? "md"] ?? part.size;
  picture.style.aspectRatio = (part.aspectRatio ?? "1:1").replace(":", "/");
  if (part.backgroundColor) picture.style.backgroundColor = part.backgroundColor;
  const node = el("div", { class: "flex-image" }, picture);
  node.style.textAlign = ALIGN[part.align ?? "center"];
  tappable(node, part.action, deep);
  return node;
}

function iconImage(part, deep) {
  const size = TEXT[part.size ?? "md"] ?? part.size;
  return el("img", { src: deep.reach(part.url), alt: "", class: "flex-icon", style: { height: size, aspectRatio: (part.aspectRatio ?? "1:1").replace(":", "/") } });
}

function separator(part, deep, layout) {
  const node = el("div", { class: `flex-separator ${layout === "vertical" ? "" : "upright"}` });
  if (part.color) node.style.backgroundColor = part.color;
  return node;
}

function video(part, deep) {
  return el("img", { src: deep.reach(part.previewUrl), alt: "วิดีโอ", class: "flex-video" });
}

function tappable(node, action, deep) {
  if (!action) return;
  node.classList.add("tappable");
  node.tabIndex = 0;
  node.setAttribute("role", "button");
  if (action.label) node.setAttribute("aria-label", action.label);
  const tap = (event) => { event.stopPropagation(); deep.act(action); };
  node.addEventListener("click", tap);
  node.addEventListener("keydown", (event) => { if (event.key === "Enter") tap(event); });
}
