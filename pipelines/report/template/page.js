// Comfort only: without it the page holds everything, and every key works.
"use strict";

// A box that does not scroll is no stop of the Tab key.
const labels = new Map([...document.querySelectorAll(".defile")].map((box) => [box, box.getAttribute("aria-label")]));
const observer = new ResizeObserver((entries) => {
  for (const { target: box } of entries) {
    const scrolls = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight;
    const wanted = scrolls ? { tabindex: "0", role: "region", "aria-label": labels.get(box) } : {};
    for (const name of ["tabindex", "role", "aria-label"]) {
      if (wanted[name]) box.setAttribute(name, wanted[name]);
      else box.removeAttribute(name);
    }
  }
});
for (const box of labels.keys()) observer.observe(box);

// The contents say which section is being read.
const links = [...document.querySelectorAll(".sommaire a")];
const sections = links.map((link) => document.getElementById(link.hash.slice(1)));
const follow = () => {
  const line = window.innerHeight / 3;
  const current = sections.findLastIndex((section) => section && section.getBoundingClientRect().top < line);
  links.forEach((link, rank) => {
    if (rank === current) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  });
};
document.addEventListener("scroll", follow, { passive: true });
follow();

// In a diagram, the node pointed at or focused lights what leads to it and what it leads to.
for (const drawing of document.querySelectorAll(".modele")) {
  const boxes = [...drawing.querySelectorAll(".boite")];
  const ties = [...drawing.querySelectorAll(".lien")].map((tie) => ({ tie, from: tie.dataset.de, to: tie.dataset.vers }));
  const reach = (start, one, other) => {
    const found = new Set([start]);
    for (const node of found) for (const tie of ties) if (tie[one] === node) found.add(tie[other]);
    return found;
  };
  let held = null;
  const light = (box) => {
    drawing.classList.toggle("allume", Boolean(box));
    for (const lit of drawing.querySelectorAll(".voie")) lit.classList.remove("voie");
    if (!box) return;
    const before = reach(box.dataset.noeud, "to", "from");
    const after = reach(box.dataset.noeud, "from", "to");
    for (const one of boxes) one.classList.toggle("voie", before.has(one.dataset.noeud) || after.has(one.dataset.noeud));
    for (const { tie, from, to } of ties) tie.classList.toggle("voie", before.has(to) || after.has(from));
  };
  const around = (event) => event.target instanceof Element && event.target.closest(".boite");
  drawing.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "touch") light(around(event) || held);
  });
  drawing.addEventListener("pointerleave", (event) => {
    if (event.pointerType !== "touch") light(held);
  });
  drawing.addEventListener("focusin", (event) => light(held = around(event)));
  drawing.addEventListener("focusout", () => light(held = null));
  // A finger has no hover: its first touch lights, its second goes to the row of the node.
  let touched = null;
  drawing.addEventListener("click", (event) => {
    const box = around(event);
    if (event.pointerType === "touch" && box && box !== touched) event.preventDefault();
    if (event.pointerType === "touch") light(held = touched = box || null);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") light(held = touched = null);
  });
}
