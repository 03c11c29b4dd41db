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
  const once = (key, make) => {
    if (!kept.has(key)) kept.set(key, make());
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

  async function fill(slot) {
    const wanted = wantedBy(slot);
    if (slot.dataset.wanted === wanted) return;
    slot.dataset.wanted = wanted;
    try {
      const [id, key] = wanted.split(/\n(.*)/s);
      const data = await chunk(id);
      if (slot.dataset.html !== undefined) {
        slot.innerHTML = data.html[key] ?? "";
        filterRows(slot.closest("section"));
      }
      else await draw(slot, data, data.figures[key] ?? data.otherwise, wanted);
      if (slot.dataset.wanted === wanted) slot.dataset.shown = wanted;
    } catch (error) {
      trouble("A part of this page could not be shown: " + error.message);
      throw error;
    }
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
    const Plotly = figure && !figure.message ? await plotly() : null;
    if (slot.dataset.wanted !== wanted) return; // another choice was made meanwhile
    slot.classList.toggle("message", !Plotly);
    if (!Plotly) {
      if (window.Plotly && slot.classList.contains("js-plotly-plot")) window.Plotly.purge(slot);
      slot.style.height = "";
      slot.textContent = figure ? figure.message : "Nothing was recorded for this choice.";
      return;
    }
    if (!slot.classList.contains("js-plotly-plot")) slot.textContent = "";
    // plotly writes into what it is given, and figures share traces
    const traces = figure.traces.map((place) => structuredClone(data.traces[place]));
    const layout = { ...structuredClone(figure.layout), template: settings.template, autosize: true };
    slot.style.height = layout.height + "px";
    slot.style.minHeight = "";
    slot.style.minWidth = layout.meta?.min_width ? layout.meta.min_width + "px" : "";
    const config = { responsive: true, displaylogo: false };
    await Plotly.react(slot, traces, layout, config);
    if (!kept.has("first figure")) {
      kept.set("first figure", true);
      performance.mark("first-figure");
    }
  }

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
    if (query !== undefined) document.getElementById(section)?.scrollIntoView();
  }

  document.addEventListener("change", ({ target }) => {
    if (target.matches("select[data-state]")) choose(target.dataset.state, target.value);
    else if (target.matches("input[name=metric]")) choose("metric", target.value);
  });

  // --- a field that hides rows without its words, where a large run has one --------------------------------
  function filterRows(section) {
    const field = section.querySelector("input[data-filter]");
    if (!field) return;
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of section.querySelectorAll(".slot tbody tr")) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
    }
  }

  document.addEventListener("input", ({ target }) => {
    if (target.matches("input[data-filter]")) filterRows(target.closest("section"));
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
  window.addEventListener("hashchange", () => {
    readAddress();
    for (const slot of inView) fill(slot);
  });

  const slots = [...document.querySelectorAll(".slot")];
  const printing = document.getElementById("print");
  printing.hidden = false;
  printing.addEventListener("click", async () => {
    for (const slot of slots) await fill(slot);
    window.print();
  });

  // The first screen is painted before anything is inflated.
  requestAnimationFrame(() =>
    setTimeout(() => {
      performance.mark("first-view");
      plotly(); // its megabytes take longest to inflate
      for (const slot of slots) observer.observe(slot);
    }),
  );
})();
