// What the page carries compressed: inflated once, when it is needed.

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
