// Builds elements without HTML strings, so that nothing a person types can become markup.

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "text") node.textContent = value;
    else if (name === "style") Object.assign(node.style, value);
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

const PATHS = {
  back: "M15 5l-7 7 7 7",
  plus: "M12 5v14M5 12h14",
  send: "M4 12l16-8-5 16-4-6z",
  smile: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8.500 10h.01M15.500 10h.01M8 14.500c2 2.700 6 2.700 8 0",
  tools: "M12 6h.01M12 12h.01M12 18h.01",
  down: "M6 9l6 6 6-6",
  image: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4",
  camera: "M4 8h4l2-3h4l2 3h4v11H4zM12 10.500a3 3 0 1 0 0 6 3 3 0 0 0 0-6z",
  video: "M3 7h12v10H3zM15 11l6-3v8l-6-3",
  mic: "M12 4a2.500 2.500 0 0 1 2.500 2.500v5a2.500 2.500 0 0 1-5 0v-5A2.500 2.500 0 0 1 12 4zM6 11a6 6 0 0 0 12 0M12 17v4",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  pin: "M12 21s7-6.500 7-11.500a7 7 0 0 0-14 0C5 14.500 12 21 12 21zM12 12a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z",
  close: "M6 6l12 12M18 6L6 18",
  shield: "M12 3l8 3v6c0 5-3.500 8-8 9.500C7.500 20 4 17 4 12V6z",
};

export function icon(name, size = 24) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [key, value] of Object.entries({
    viewBox: "0 0 24 24", width: size, height: size, fill: "none", stroke: "currentColor",
    "stroke-width": name === "tools" ? 3 : 1.9, "stroke-linecap": "round", "stroke-linejoin": "round",
    "aria-hidden": "true",
  })) svg.setAttribute(key, value);
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

export function iconButton(name, label, onclick, cls = "") {
  return el("button", { type: "button", class: `icon ${cls}`, "aria-label": label, title: label, onclick }, icon(name));
}

const HUES = [205, 265, 20, 330, 180, 45];

export function face(person, size = 36) {
  const hue = HUES[[...person.id].reduce((sum, c) => sum + c.charCodeAt(0), 0) % HUES.length];
  return el("span", {
    class: "face", "aria-hidden": "true", text: [...person.name.replace(/^[เแโใไ]/, "")][0] ?? "?",
    style: { width: `${size}px`, height: `${size}px`, fontSize: `${size * 0.48}px`,
      backgroundColor: `hsl(${hue} 45% 38%)` },
  });
}

export function botFace(size = 36) {
  return el("img", { class: "face", src: "static/img/sisip.svg", alt: "", width: size, height: size });
}

export function clock(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString("th-TH", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Bangkok" });
}

// Text with its web addresses made into links, as LINE does.
export function linked(text, open) {
  const parts = text.split(/(https?:\/\/[^\s<>"]+[^\s<>".,)])/);
  return parts.map((part, i) => (i % 2 ? el("a", {
    href: part, rel: "noopener", onclick: (event) => { event.preventDefault(); open(part); }, text: part,
  }) : document.createTextNode(part)));
}
