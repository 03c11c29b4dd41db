// Nothing hides a title, a label or a legend.

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
