// Printing draws everything first, and fits it to the paper.

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
