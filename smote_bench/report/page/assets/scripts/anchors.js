// A section that was gone to stays where it is, while what lies above it is drawn.

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
