// The places of figures and tables, filled when they come into view, one figure at a time.

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
