// What of the words in sight is cut off, lies over its neighbour, or sticks out of its button: nothing, in any font.
const name = e => [e.nodeName.toLowerCase(), ...e.classList].join(".") + (e.id ? `#${e.id}` : "");
const seen = e => e.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !ear(e);
// What is there for the ear alone, or waits outside of the window until it has the focus.
const ear = e => e && (getComputedStyle(e).clipPath !== "none" || e.matches(".skip") || ear(e.parentElement));
const elides = e => getComputedStyle(e).textOverflow === "ellipsis";
const hides = (e, along) => ["hidden", "clip"].includes(getComputedStyle(e)[`overflow${along}`]);
const told = [];
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (texts.nextNode()) {
  const text = texts.currentNode, element = text.parentElement;
  if (!text.data.trim() || !seen(element) || element.closest("script, noscript, textarea, option, select, .mix")) continue;
  const range = document.createRange();
  range.selectNodeContents(text);
  for (const r of range.getClientRects()) {
    // A line of text is as high as its font; what stands in it is about half of that.
    const top = r.top + r.height / 4, bottom = r.bottom - r.height / 4;
    let within = r, elided = false;
    for (let e = element; e && e !== document.body; e = e.parentElement) {
      const box = e.getBoundingClientRect(), style = getComputedStyle(e);
      elided ||= elides(e);
      const boxed = e.matches("button, .button, kbd, .pod, .disk, .slot, th, td");
      const out = (hides(e, "X") || boxed) && !elided && (within.right > box.right + 1 || within.left < box.left - 1)
        || (hides(e, "Y") || boxed) && style.display !== "inline" && (bottom > box.bottom + 1 || top < box.top - 1);
      if (out) { told.push(`${name(e)} cuts "${text.data.trim().slice(0, 40)}"`); break; }
      // What scrolls shows it all; what is placed by itself is not cut by what it stands in.
      if (["auto", "scroll"].includes(style.overflowX) || ["auto", "scroll"].includes(style.overflowY) || style.position === "fixed") break;
    }
  }
}
for (const line of document.querySelectorAll(".bar, .object, .object h1, .facts, .commands, .transport, .pane-head, .tabs-below, .node, .pod, .disk, .hello, .branches, .heading, .track.events, .dense-tools, .dense-counts, .pane-foot, .side-line, .switch, .evidence li, .sources, .stepper, .segments")) {
  const parts = [...line.children].filter(e => seen(e) && getComputedStyle(e).position !== "fixed" && !e.matches(".spine, .glyph, .menu, .edge, .grow:empty") && e.getBoundingClientRect().width > 1);
  const clip = ["auto", "scroll", "hidden"].includes(getComputedStyle(line).overflowX);
  const box = line.getBoundingClientRect();
  parts.forEach((a, at) => {
    const one = a.getBoundingClientRect();
    if (!clip && !line.matches(".track.events") && (one.right > box.right + 1 || one.left < box.left - 1)) told.push(`${name(a)} sticks out of ${name(line)}`);
    for (const b of parts.slice(at + 1)) {
      const other = b.getBoundingClientRect();
      const x = Math.min(one.right, other.right) - Math.max(one.left, other.left), y = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      if (x > 1.5 && y > 3 && (!line.matches(".track.events") || a.innerText && b.innerText)) told.push(`${name(a)} lies over ${name(b)} in ${name(line)}`);
    }
  });
}
const wide = document.documentElement.scrollWidth - innerWidth;
if (wide > 0) told.push(`the page is ${wide} pixels too wide`);
return [...new Set(told)];
