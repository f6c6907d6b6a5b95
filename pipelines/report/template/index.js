// Filters of the list of reports. Without this script the list is whole.
"use strict";

const form = document.querySelector(".filtres");
const total = document.querySelector(".filtres output");
const reports = [...document.querySelectorAll("[data-rapport]")];
const groups = [...document.querySelectorAll("[data-groupe]")];
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const titles = new Map(reports.map((report) => [report, plain(report.dataset.rapport)]));
const number = new Intl.NumberFormat("fr");
// A report may be in several states; its other values are one text each, whatever they hold.
const values = (report, name) => (name === "etat" ? report.dataset.etat.split("|") : [report.dataset[name]]);

const apply = () => {
  const asked = Object.fromEntries(new FormData(form));
  const words = plain(asked.titre ?? "").split(/\s+/).filter(Boolean);
  delete asked.titre;
  for (const report of reports) {
    const matches = Object.entries(asked).every(
      ([name, value]) => value === "" || values(report, name).includes(value),
    );
    report.hidden = !(matches && words.every((word) => titles.get(report).includes(word)));
  }
  for (const group of groups) group.hidden = !group.querySelector("[data-rapport]:not([hidden])");
  const shown = reports.filter((report) => !report.hidden).length;
  const found = `${number.format(shown)} rapport${shown > 1 ? "s" : ""} sur ${number.format(reports.length)}`;
  total.textContent = shown === 0 ? "Aucun rapport ne répond à ces critères." : found;
};

if (form) {
  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
  // Coming back from a report, the browser has filled the form again.
  window.addEventListener("pageshow", apply);
}
