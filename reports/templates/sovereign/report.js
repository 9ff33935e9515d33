"use strict";
(function () {
  const table = document.getElementById("finding-table");
  const tools = document.querySelector(".tools");
  if (!table || !tools) { return; }
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  const text = document.getElementById("filter-text");
  const severity = document.getElementById("filter-severity");
  const status = document.getElementById("filter-status");
  const plain = (value) => value.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  // The choices name the severities from the worst down, as the cells do.
  const weight = (row) => Array.from(severity.options).findIndex((one) => one.value && one.value === row.cells[2].textContent.trim());
  const words = new Map(rows.map((row) => [row, plain(row.textContent)]));

  function filter() {
    const wanted = plain(text.value.trim());
    let shown = 0;
    for (const row of rows) {
      const keep = (!wanted || words.get(row).includes(wanted)) && (!severity.value || weight(row) === severity.selectedIndex);
      row.hidden = !keep;
      shown += keep ? 1 : 0;
    }
    status.textContent = shown + " " + (shown === 1 ? status.dataset.one : status.dataset.many);
  }

  function key(row, column, kind) {
    const cell = row.cells[column];
    if (kind === "number") { return parseFloat(cell.textContent.replace(",", ".")) || 0; }
    if (kind === "rank") { return -weight(row); }
    return plain(cell.textContent.trim());
  }

  function sort(head, column) {
    const down = head.getAttribute("aria-sort") === "ascending";
    for (const other of table.tHead.rows[0].cells) { other.removeAttribute("aria-sort"); }
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const kind = head.dataset.sort;
    const sorted = rows.slice().sort((a, b) => {
      const x = key(a, column, kind);
      const y = key(b, column, kind);
      const order = x < y ? -1 : x > y ? 1 : 0;
      return down ? -order : order;
    });
    body.append(...sorted);
  }

  const buttons = Array.from(table.tHead.rows[0].cells).map((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    button.addEventListener("click", () => sort(head, column));
    head.replaceChildren(button);
    return button;
  });
  text.addEventListener("input", filter);
  severity.addEventListener("change", filter);
  tools.hidden = false;
  filter();

  function open() {
    const target = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
    if (target && target.hidden) { text.value = ""; severity.value = ""; filter(); }
    const details = target ? target.querySelector("details") : null;
    if (details) { details.open = true; target.scrollIntoView(); }
  }
  window.addEventListener("hashchange", open);
  open();
  // A head that is repeated on the next page shows its words, but no button.
  window.addEventListener("beforeprint", () => {
    document.querySelectorAll("details").forEach((one) => { one.open = true; });
    buttons.forEach((button) => { button.replaceWith(button.textContent); });
  });
  window.addEventListener("afterprint", () => {
    buttons.forEach((button, column) => { table.tHead.rows[0].cells[column].replaceChildren(button); });
  });
}());
