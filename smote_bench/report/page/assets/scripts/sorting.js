// Tables are sorted by a click on, or Enter in, a column's heading.

function sortable(place) {
  for (const heading of place.querySelectorAll("table:has(tbody tr + tr) thead tr:last-child th")) {
    heading.tabIndex = 0;
    heading.classList.add("sorts");
    heading.title ||= "Sort by this column";
  }
}

const value = (row, column) => row.cells[column]?.textContent.trim() ?? "";
const asNumber = (text) => parseFloat(text.replace(/^[<>\u2264\u2265\s]+/, "").replace(/[,\u202f]/g, "").replace("\u2212", "-"));

// A number, or one with what goes with it: an interval, a unit, a share; no digest and no version.
const isNumeral = /^[<>\u2264\u2265]?\s*[+\u2212-]?\d[\d,\u202f]*(\.\d+)?(e[+-]?\d+)?(\s.*|[%:\/(].*|)$/;

function sortBy(heading) {
  const table = heading.closest("table");
  const column = heading.cellIndex;
  const rises = heading.getAttribute("aria-sort") === "descending";
  for (const other of table.querySelectorAll("th[aria-sort]")) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", rises ? "ascending" : "descending");
  const sign = rises ? 1 : -1;
  for (const body of table.tBodies) {
    const rows = [...body.rows];
    const texts = rows.map((row) => value(row, column)).filter((text) => /\d/.test(text));
    const isNumeric = texts.length > 0 && texts.every((text) => isNumeral.test(text));
    const ordered = rows.sort((one, other) => {
      const [a, b] = [value(one, column), value(other, column)];
      if (!isNumeric) return sign * a.localeCompare(b, undefined, { numeric: true });
      const [x, y] = [asNumber(a), asNumber(b)];
      if (isNaN(x) || isNaN(y)) return isNaN(x) - isNaN(y); // what has no value comes last
      return sign * (x - y);
    });
    body.append(...ordered);
  }
}

document.addEventListener("click", ({ target }) => {
  const heading = target.closest("th.sorts");
  if (heading) sortBy(heading);
});
document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.("th.sorts") || !["Enter", " "].includes(event.key)) return;
  event.preventDefault();
  sortBy(event.target);
});
