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
