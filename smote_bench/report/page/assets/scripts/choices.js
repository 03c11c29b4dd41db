// Choices, which stand in the address.

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

document.addEventListener("change", ({ target }) => {
  if (target.matches("select[data-state]")) choose(target.dataset.state, target.value);
  else if (target.matches("input[name=metric]")) choose("metric", target.value);
});
