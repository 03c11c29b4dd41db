// What is chosen on the page, and what it says when a part cannot be shown.

const settings = JSON.parse(document.getElementById("settings").textContent);
const state = {};
for (const [name, values] of Object.entries(settings.choices)) state[name] = values[0];

const trouble = (message) => {
  const box = document.getElementById("trouble");
  box.hidden = false;
  box.className = "failed";
  box.textContent = message;
};
