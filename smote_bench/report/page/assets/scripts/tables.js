// Above a table: a field that hides rows without its words, and a link to its file.

const LONG_TABLE = 10; // rows
const filters = new Map(); // what was typed stays when another choice fills the place anew

function equip(place) {
  [...place.querySelectorAll(".scroll > table")].forEach((table, nth) => {
    const box = table.parentElement;
    let tools = box.previousElementSibling;
    if (!tools?.matches(".tools")) {
      tools = document.createElement("div");
      tools.className = "tools";
      box.before(tools);
    }
    if (table.tBodies[0].rows.length >= LONG_TABLE && !tools.querySelector("input")) {
      const field = document.createElement("input");
      field.type = "search";
      field.placeholder = "words of a row";
      field.dataset.rows = place.id + "/" + nth;
      field.value = filters.get(field.dataset.rows) ?? "";
      field.setAttribute("aria-label", "Show only rows with these words: " + (table.caption?.textContent ?? ""));
      tools.prepend(field, document.createElement("output"));
    }
    if (!tools.querySelector("a.csv")) {
      const link = document.createElement("a");
      link.className = "csv made";
      link.textContent = "CSV";
      link.title = "What this table shows, as a file";
      link.href = "data:text/csv,"; // filled when it is clicked
      tools.append(link);
    }
    filterRows(table);
  });
}

const toolsOf = (table) => table.parentElement.previousElementSibling;
const wordsOf = (field) => field?.value.toLowerCase().split(/\s+/).filter(Boolean) ?? [];

function filterRows(table) {
  const tools = toolsOf(table);
  const own = tools?.querySelector("input[data-rows]");
  const shared = table.closest(".slot") && table.closest("section").querySelector("input[data-filter]");
  if (!own && !shared) return;
  const words = [...wordsOf(own), ...wordsOf(shared)];
  const rows = [...table.tBodies[0].rows];
  for (const row of rows) {
    const text = row.textContent.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
  }
  if (own) {
    const n = rows.filter((row) => !row.hidden).length;
    tools.querySelector("output").textContent = words.length ? n + " of " + rows.length + " rows" : "";
  }
}

document.addEventListener("input", ({ target }) => {
  if (target.matches("input[data-rows]")) {
    filters.set(target.dataset.rows, target.value);
    filterRows(target.closest(".tools").nextElementSibling.querySelector("table"));
  } else if (target.matches("input[data-filter]")) {
    target.closest("section").querySelectorAll(".slot .scroll > table").forEach(filterRows);
  }
});

// As the run's own files: a spreadsheet does not run text as a formula.
function field(text) {
  const safe = /^[=+@\t\r-]/.test(text) && !isNumeral.test(text) ? "'" + text : text;
  return /[",\r\n]/.test(safe) ? '"' + safe.replaceAll('"', '""') + '"' : safe;
}

function asCsv(table) {
  const rows = [...table.tHead.rows, ...table.tBodies[0].rows].filter((row) => !row.hidden);
  const cells = (row) => [...row.cells].map((cell) => field(cell.textContent.trim()));
  return rows.map((row) => cells(row).join(",") + "\n").join("");
}

document.addEventListener("click", ({ target }) => {
  if (!target.matches?.("a.csv.made")) return;
  const table = target.closest(".tools").nextElementSibling.querySelector("table");
  const title = (table.caption?.textContent ?? "").split(/[:.,;(]/)[0].trim() || "table";
  target.download = title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "_") + ".csv";
  target.href = "data:text/csv;charset=utf-8," + encodeURIComponent(asCsv(table));
});
