// Light and dark.

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
