// Fills the page's places with figures and tables when they come into view. Everything it needs is in the page.
(() => {
  "use strict";
  const settings = JSON.parse(document.getElementById("settings").textContent);
  const state = {};
  for (const [name, values] of Object.entries(settings.choices)) state[name] = values[0];

  const trouble = (message) => {
    const box = document.getElementById("trouble");
    box.hidden = false;
    box.className = "failed";
    box.textContent = message;
  };

  // --- what the page carries compressed -------------------------------------------------------------------
  const kept = new Map();
  const here = new Map(); // what of it has come: printing cannot wait
  const once = (key, make) => {
    if (!kept.has(key)) {
      const made = make();
      kept.set(key, made);
      made.then((value) => here.set(key, value), () => undefined);
    }
    return kept.get(key);
  };

  async function inflate(id) {
    const text = document.getElementById(id).textContent.trim();
    const binary = atob(text);
    const bytes = new Uint8Array(binary.length);
    for (let place = 0; place < binary.length; place++) bytes[place] = binary.charCodeAt(place);
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).text();
  }

  const chunk = (id) => once(id, async () => JSON.parse(await inflate("chunk-" + id)));

  const plotly = () =>
    once("plotly", async () => {
      const script = document.createElement("script");
      script.textContent = await inflate("chunk-plotly");
      document.head.append(script);
      return window.Plotly;
    });

  // --- the places -----------------------------------------------------------------------------------------
  const resolved = (text) => text.replace(/\{(\w+)\}/g, (_, name) => state[name]);
  const chunkOf = (slot) => (slot.dataset.chunk === "main" ? "main" : settings.chunks[state.dataset]);
  const wantedBy = (slot) => chunkOf(slot) + "\n" + resolved(slot.dataset.figure ?? slot.dataset.html);

  const looksOf = (slot) => themeNow() + (roomOf(slot) < NARROW ? " narrow" : "");
  const markOf = (slot) => (slot.dataset.figure === undefined ? "" : looksOf(slot)) + "\n" + wantedBy(slot);

  async function fill(slot) {
    const wanted = markOf(slot);
    if (slot.dataset.wanted === wanted) return;
    slot.dataset.wanted = wanted;
    try {
      const [id, key] = wantedBy(slot).split(/\n(.*)/s);
      const data = await chunk(id);
      if (slot.dataset.html !== undefined) {
        write(slot, data.html[key]);
      }
      else await draw(slot, data, data.figures[key] ?? data.otherwise, wanted);
      if (slot.dataset.wanted === wanted) slot.dataset.shown = wanted;
    } catch (error) {
      trouble("A part of this page could not be shown: " + error.message);
      throw error;
    }
  }

  function write(slot, text) {
    slot.innerHTML = text ?? "";
    sortable(slot);
    equip(slot);
  }

  // One figure at a time, so that the first is seen before the next is computed.
  let turn = Promise.resolve();
  const pause = () => new Promise((go) => setTimeout(go));

  function draw(...what) {
    turn = turn.then(pause).then(() => drawNow(...what));
    const mine = turn;
    turn = turn.catch(() => undefined); // its caller reports it
    return mine;
  }

  async function drawNow(slot, data, figure, wanted) {
    if (figure && !figure.message) await plotly();
    if (slot.dataset.wanted !== wanted) return; // another choice was made meanwhile
    await put(slot, data, figure);
    if (!kept.has("first figure") && figure && !figure.message) {
      kept.set("first figure", true);
      performance.mark("first-figure");
    }
  }

  // Plotly has to be here, if there is a figure.
  function put(slot, data, figure) {
    const Plotly = figure && !figure.message ? window.Plotly : null;
    slot.classList.toggle("message", !Plotly);
    if (!Plotly) {
      if (window.Plotly && slot.classList.contains("js-plotly-plot")) window.Plotly.purge(slot);
      slot.style.height = "";
      slot.textContent = figure ? figure.message : "Nothing was recorded for this choice.";
      return;
    }
    if (!slot.classList.contains("js-plotly-plot")) slot.textContent = "";
    // plotly writes into what it is given, and figures share traces
    const traces = figure.traces.map((place) => coloured(data.traces[place]));
    const layout = { ...coloured(figure.layout), template: coloured(settings.template), autosize: true };
    const isNarrow = roomOf(slot) < NARROW;
    wrapTitles(layout, roomOf(slot));
    slot.style.height = layout.height + "px";
    slot.style.minHeight = "";
    slot.style.minWidth = layout.meta?.min_width ? layout.meta.min_width + "px" : "";
    const config = { responsive: true, displaylogo: false, displayModeBar: isNarrow ? false : "hover" };
    // A mode bar that was there stays unless the figure is made anew.
    if (slot.dataset.narrow !== String(isNarrow) && slot.classList.contains("js-plotly-plot")) Plotly.purge(slot);
    slot.dataset.narrow = isNarrow;
    const drawn = Plotly.react(slot, traces, layout, config);
    makeRoomForLegend(slot);
    placeLabels(slot);
    return drawn;
  }

  // --- nothing hides a title, a label or a legend ---------------------------------------------------------
  const NARROW = 640; // pixels; without room for a mode bar beside a title
  const LINE = 19; // pixels of a line of a title or a legend
  const roomOf = (slot) => (onPaper ? paper.width : slot.parentElement.clientWidth || innerWidth);

  function wrapped(text, width, letter) {
    const limit = Math.max(12, Math.floor(width / letter));
    const lines = [""];
    for (const word of text.split(" ")) {
      const line = lines.at(-1);
      if (line && line.length + 1 + word.length > limit) lines.push(word);
      else lines[lines.length - 1] = line ? line + " " + word : word;
    }
    return lines;
  }

  function wrapTitles(layout, room) {
    const lines = wrapped(layout.title.text, room - (room < NARROW ? 24 : 250), 7.6);
    layout.title.text = lines.join("<br>");
    const more = LINE * (lines.length - 1);
    if (more) {
      layout.margin = { ...layout.margin, t: (layout.margin?.t ?? 48) + more };
      layout.height += more;
    }
    for (const [name, axis] of Object.entries(layout)) {
      if (!/^[xy]axis/.test(name) || !axis.title?.text) continue;
      const length = name[0] === "x" ? room - 90 : layout.height - 170;
      if (room < NARROW) axis.title.text = wrapped(axis.title.text, length, 7).join("<br>");
    }
  }

  // A legend above the axes takes more lines where it is narrow: as much more is between title and axes.
  function makeRoomForLegend(slot) {
    const { legend, showlegend, title, margin, height } = slot._fullLayout;
    if (!showlegend || !legend || legend.orientation !== "h") return;
    const isAbove = legend.y >= 1;
    if (!isAbove && slot.dataset.narrow !== "true") return;
    const top = 22 + LINE * (title.text.split("<br>").length + (slot.layout.title.subtitle?.text ? 1 : 0));
    const t = Math.ceil(top + legend._height + 8);
    const b = isAbove ? margin.b : Math.min(margin.b, 48);
    if (isAbove && t <= margin.t) return;
    const taller = height + t - margin.t + b - margin.b;
    slot.style.height = taller + "px";
    const place = { "legend.y": 1, "legend.yanchor": "bottom" };
    if (slot.dataset.narrow === "true") Object.assign(place, { "legend.x": 0, "legend.xanchor": "left" });
    window.Plotly.relayout(slot, { "margin.t": t, "margin.b": b, height: taller, ...place });
  }

  // Names beside points: each where it meets no other name and no point; what finds no place is told by hovering.
  // The line of the front leaves a point to the right: what stands there comes last.
  const PLACES = ["top center", "top left", "middle left", "bottom center", "bottom right", "bottom left",
    "top right", "middle right"];
  const LEFT_FIRST = ["middle left", "top left", ...PLACES]; // where points are close, names in a pile find more room
  const pen = document.createElement("canvas").getContext("2d");

  function placeLabels(slot) {
    const { meta, width, xaxis, yaxis } = slot._fullLayout ?? {};
    if (!meta?.labels) return;
    const points = slot.data.flatMap((trace, nth) =>
      (trace.customdata ?? []).map((text, at) => ({
        nth,
        at,
        text,
        x: xaxis._offset + xaxis.d2p(trace.x[at]),
        y: yaxis._offset + yaxis.d2p(trace.y[at]),
      })),
    );
    for (const point of points) point.marker = [point.x - 7, point.y - 7, point.x + 7, point.y + 7];
    const high = meta.labels + 7; // with the room that plotly leaves below and above a text
    let taken = []; // by names
    const isApart = (a, b) => a[2] <= b[0] || a[0] >= b[2] || a[3] <= b[1] || a[1] >= b[3];
    const isFree = (box, own, lines) =>
      box[0] >= 0 && box[2] <= width && box[3] <= yaxis._offset + yaxis._length &&
      [...taken, ...lines].every((other) => isApart(box, other)) &&
      points.every((other) => other === own || isApart(box, other.marker));
    pen.font = meta.labels + "px " + getComputedStyle(document.body).fontFamily;
    for (const point of points) point.wide = pen.measureText(point.text.replace(/&\w+;/g, "&")).width + 4;
    const backwards = [...points].reverse();
    const orders = [[PLACES, points], [LEFT_FIRST, points], [PLACES, backwards], [LEFT_FIRST, backwards]];
    const steps = stepsOf(slot);
    let best = null;
    for (const [places, order, lines] of [steps, []].flatMap((lines) => orders.map((one) => [...one, lines]))) {
      taken = [];
      for (const point of order) {
        point.place = places.find((name) => isFree(boxAt(name, point, point.wide, high), point, lines));
        if (point.place) taken.push(boxAt(point.place, point, point.wide, high));
      }
      if (!best || taken.length > best.n) best = { n: taken.length, places: points.map((point) => point.place) };
      if (best.n === points.length) break;
    }
    const found = new Map();
    for (const [nth, point] of points.entries()) {
      const place = best.places[nth];
      if (!found.has(point.nth)) found.set(point.nth, { text: [], textposition: [] });
      found.get(point.nth).text[point.at] = place ? point.text : "";
      found.get(point.nth).textposition[point.at] = place ?? PLACES[0];
    }
    for (const [nth, { text, textposition }] of found) {
      window.Plotly.restyle(slot, { text: [text], textposition: [textposition] }, [nth]);
    }
  }

  // The flat parts of lines that rise in steps, as boxes.
  function stepsOf(slot) {
    const { xaxis, yaxis } = slot._fullLayout;
    return slot.data.filter((trace) => trace.mode === "lines" && trace.line?.shape === "hv").flatMap(({ x, y }) =>
      x.slice(1).map((end, nth) => {
        const [left, right] = [x[nth], end].map((value) => xaxis._offset + xaxis.d2p(value));
        const level = yaxis._offset + yaxis.d2p(y[nth]);
        return [left, level - 1, right, level + 1];
      }),
    );
  }

  function boxAt(name, { x, y }, wide, high) {
    const [vertical, horizontal] = name.split(" ");
    const gap = 8; // as plotly's, which grows with the marker
    const left = { center: x - wide / 2, left: x - wide - gap, right: x + gap }[horizontal];
    const top = { middle: y - high / 2, top: y - high - gap + 2, bottom: y + gap - 2 }[vertical];
    return [left, top, left + wide, top + high];
  }

  let resized = 0;
  window.addEventListener("resize", () => {
    clearTimeout(resized);
    resized = setTimeout(() => {
      for (const slot of inView) fill(slot).then(() => placeLabels(slot));
    }, 200);
  });

  const inView = new Set();
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) {
          inView.add(target);
          fill(target);
        } else inView.delete(target);
      }
    },
    { rootMargin: "300px 0px" },
  );

  // --- light and dark -------------------------------------------------------------------------------------
  const system = matchMedia("(prefers-color-scheme: dark)");
  let onPaper = false;
  const themeOfPage = () => document.documentElement.dataset.theme ?? (system.matches ? "dark" : "light");
  const themeNow = () => (onPaper ? "light" : themeOfPage());

  // A copy, as plotly writes into what it is given; what is a colour has it by its key.
  function coloured(part) {
    const copy = structuredClone(part);
    return themeNow() === "dark" ? darkened(copy, false) : copy;
  }

  function darkened(value, isColour) {
    if (typeof value === "string") return (isColour && settings.dark[value.toLowerCase()]) || value;
    if (Array.isArray(value)) return isColour ? value.map((one) => darkened(one, true)) : withDark(value);
    if (value === null || typeof value !== "object") return value;
    for (const [name, one] of Object.entries(value)) value[name] = darkened(one, /color/i.test(name));
    return value;
  }

  const withDark = (list) => (typeof list[0] === "object" ? list.map((one) => darkened(one, false)) : list);

  function showTheme() {
    const button = document.getElementById("theme");
    const other = themeOfPage() === "dark" ? "light" : "dark";
    button.textContent = other === "dark" ? "Dark" : "Light";
    button.title = "Show the page " + other;
    button.hidden = false;
    for (const slot of inView) fill(slot); // the others follow when they come into view
  }

  document.getElementById("theme").addEventListener("click", () => {
    const chosen = themeOfPage() === "dark" ? "light" : "dark";
    document.documentElement.dataset.theme = chosen;
    try {
      localStorage.setItem("smote-bench-theme", chosen);
    } catch {
      // some browsers refuse it for files: it is chosen until the page is left
    }
    showTheme();
  });
  system.addEventListener("change", showTheme);

  // --- choices --------------------------------------------------------------------------------------------
  function showChoices() {
    for (const select of document.querySelectorAll("select[data-state]")) {
      select.value = state[select.dataset.state];
    }
    for (const radio of document.querySelectorAll("input[name=metric]")) {
      radio.checked = radio.value === state.metric;
    }
  }

  function choose(name, value) {
    state[name] = value;
    showChoices();
    for (const slot of inView) fill(slot);
    writeAddress();
  }

  function writeAddress() {
    const chosen = new URLSearchParams(state).toString();
    try {
      history.replaceState(null, "", "#" + (location.hash.slice(1).split("?")[0] || "answer") + "?" + chosen);
    } catch {
      // some browsers refuse this for files; the page works without it
    }
  }

  function readAddress() {
    const [section, query] = location.hash.slice(1).split(/\?(.*)/s);
    for (const [name, value] of new URLSearchParams(query ?? "")) {
      if (settings.choices[name]?.includes(value)) state[name] = value;
    }
    showChoices();
    if (section) goTo(document.getElementById(section));
    if (section && query === undefined) writeAddress(); // what is shared shows what is seen
  }

  // --- a section that was gone to stays where it is, while what lies above it is drawn ---------------------
  let anchor = null;
  const top = document.querySelector("header");

  function goTo(section) {
    anchor = section;
    align();
  }

  function align() {
    const covered = getComputedStyle(top).position === "sticky" ? top.offsetHeight : 0;
    document.documentElement.style.scrollPaddingTop = covered + "px";
    anchor?.scrollIntoView({ behavior: "instant" });
  }

  new ResizeObserver(align).observe(document.querySelector("main"));
  for (const moved of ["wheel", "touchmove", "pointerdown", "keydown"]) {
    window.addEventListener(moved, () => (anchor = null), { passive: true, capture: true });
  }

  // --- tables are sorted by a click on, or Enter in, a column's heading -------------------------------------
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

  document.addEventListener("change", ({ target }) => {
    if (target.matches("select[data-state]")) choose(target.dataset.state, target.value);
    else if (target.matches("input[name=metric]")) choose("metric", target.value);
  });

  // --- above a table: a field that hides rows without its words, and a link to its file --------------------
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

  // --- start ----------------------------------------------------------------------------------------------
  if (typeof DecompressionStream === "undefined") {
    trouble(
      "This browser cannot inflate the page's figures (it has no DecompressionStream): open the page with " +
        "Chrome 80, Firefox 113, Safari 16.4 or newer. The answer below needs none of it.",
    );
    return;
  }
  readAddress();
  showTheme();
  window.addEventListener("hashchange", () => {
    readAddress();
    for (const slot of inView) fill(slot);
  });

  const slots = [...document.querySelectorAll(".slot")];
  const printing = document.getElementById("print");
  printing.hidden = false;
  async function printAll() {
    for (const slot of slots) await fill(slot).catch(() => undefined); // it has said so
    window.print();
  }
  printing.addEventListener("click", printAll);
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key !== "p" || event.altKey || event.shiftKey) return;
    event.preventDefault();
    printAll();
  });

  // Whoever prints from the browser's menu does not wait: what is not drawn yet is drawn at once, if it is here.
  window.addEventListener("beforeprint", () => {
    anchor = null;
    onPaper = true;
    for (const slot of slots) {
      const wanted = markOf(slot);
      const [id, key] = wantedBy(slot).split(/\n(.*)/s);
      const data = here.get(id);
      if (slot.dataset.shown !== wanted && data && window.Plotly) {
        slot.dataset.wanted = wanted;
        if (slot.dataset.html !== undefined) write(slot, data.html[key]);
        else put(slot, data, data.figures[key] ?? data.otherwise);
        slot.dataset.shown = wanted;
      }
      if (slot.classList.contains("js-plotly-plot")) fitPaper(slot);
    }
  });
  window.addEventListener("afterprint", () => {
    onPaper = false;
    for (const slot of slots) {
      if (!slot.dataset.printed) continue;
      delete slot.dataset.printed;
      slot.style.zoom = "";
      slot.style.width = "";
      window.Plotly.relayout(slot, { width: null, autosize: true });
      placeLabels(slot);
    }
    for (const slot of inView) fill(slot);
  });

  // A4 with the margins of the style sheet, in CSS pixels.
  const paper = { width: 690, height: 960, half: 470 };

  function fitPaper(slot) {
    const width = Math.max(paper.width, parseFloat(slot.style.minWidth) || 0);
    const height = parseFloat(slot.style.height) || slot.offsetHeight;
    slot.dataset.printed = "yes";
    slot.style.width = width + "px";
    const room = height < 1.4 * paper.half ? paper.half : paper.height; // two on a sheet where they nearly fit
    slot.style.zoom = Math.min(1, paper.width / width, room / height);
    window.Plotly.relayout(slot, { width, height, autosize: false });
    placeLabels(slot);
  }

  // The first screen is painted before anything is inflated.
  requestAnimationFrame(() =>
    setTimeout(() => {
      performance.mark("first-view");
      plotly(); // its megabytes take longest to inflate
      sortable(document);
      document.querySelectorAll("section").forEach(equip);
      const idle = window.requestIdleCallback ?? ((go) => setTimeout(go, 500));
      idle(() => [...new Set(slots.map(chunkOf))].forEach(chunk)); // a print cannot wait for them
      for (const slot of slots) observer.observe(slot);
    }),
  );
})();
