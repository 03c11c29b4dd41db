// The page begins: what is above can be called from here on.

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
