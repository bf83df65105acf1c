"use strict";
// Filter, search and sort. Without this script everything stands there, in order, all of it.
(() => {
  const byId = (id) => document.getElementById(id);
  const findings = [...document.querySelectorAll("details.finding")];
  const search = byId("search"), severity = byId("severity"), role = byId("role"), sort = byId("sort");
  const order = new Map(findings.map((finding, position) => [finding, position]));
  const texts = new Map();

  const textOf = (finding) => {
    if (!texts.has(finding)) texts.set(finding, finding.textContent.toLowerCase());
    return texts.get(finding);
  };

  const matches = (finding, words) =>
    (!severity.value || finding.dataset.word === severity.value) &&
    (!role.value || finding.dataset.role === role.value) &&
    words.every((word) => textOf(finding).includes(word));

  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const finding of findings) {
      finding.hidden = !matches(finding, words);
      shown += !finding.hidden;
    }
    byId("shown").textContent = `${shown} of ${findings.length} shown, what was not checked or is waived included`;
  };

  const messageOf = (finding) => finding.querySelector(".what").textContent;
  const comparisons = {
    severity: (a, b) => order.get(a) - order.get(b),
    count: (a, b) => b.dataset.count - a.dataset.count || order.get(a) - order.get(b),
    text: (a, b) => messageOf(a).localeCompare(messageOf(b)) || order.get(a) - order.get(b),
  };

  const arrange = () => {
    for (const list of document.querySelectorAll(".list")) {
      list.append(...[...list.children].sort(comparisons[sort.value]));
    }
  };

  // A link to a finding that the filter hides, or to a row inside closed details, must lead there all the same.
  const reveal = () => {
    const target = location.hash && byId(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.hidden) {
      search.value = severity.value = role.value = "";
      filter();
    }
    for (let place = target; place; place = place.parentElement) {
      if (place.tagName === "DETAILS") place.open = true;
    }
    target.scrollIntoView();
  };

  const setOpen = (open) => {
    for (const finding of findings) if (!finding.hidden) finding.open = open;
  };

  const cellText = (row, column) => row.cells[column].textContent.trim();
  const sortRows = (button, column) => {
    const header = button.closest("th"), body = button.closest("table").tBodies[0];
    const down = header.getAttribute("aria-sort") === "ascending";
    for (const other of header.parentElement.cells) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", down ? "descending" : "ascending");
    const rows = [...body.rows].sort((a, b) =>
      cellText(a, column).localeCompare(cellText(b, column), "en", { numeric: true }));
    body.append(...(down ? rows.reverse() : rows));
  };

  for (const table of document.querySelectorAll("table.sortable")) {
    [...table.tHead.rows[0].cells].forEach((header, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...header.childNodes);
      button.addEventListener("click", () => sortRows(button, column));
      header.append(button);
    });
  }

  const roles = new Set(findings.map((finding) => finding.dataset.role).filter(Boolean));
  for (const name of [...roles].sort()) role.append(new Option(name, name));
  search.addEventListener("input", filter);
  for (const choice of [severity, role]) choice.addEventListener("change", filter);
  sort.addEventListener("change", arrange);
  byId("open-all").addEventListener("click", () => setOpen(true));
  byId("close-all").addEventListener("click", () => setOpen(false));
  addEventListener("hashchange", reveal);
  // For browsers that do not print closed details by the style sheet's rule.
  addEventListener("beforeprint", () => {
    for (const part of document.querySelectorAll("details")) part.open = true;
  });
  document.querySelector(".tools").hidden = false;
  filter();
  reveal();
})();
