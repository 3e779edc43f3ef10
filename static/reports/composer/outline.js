// The outline: its headings are numbered anew with every saving, a section is dragged before another.
import { byId, create } from "./elements.js";

export function renameSections(names) {
  for (const item of byId("outline").children) {
    const name = names[item.dataset.pk];
    if (name) item.querySelector("a").textContent = name;
  }
}

export function letSectionsBeDragged() {
  const outline = byId("outline");
  let dragged = null;
  outline.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("li");
    event.dataTransfer.effectAllowed = "move";
  });
  outline.addEventListener("dragover", (event) => {
    const over = event.target.closest("li");
    for (const item of outline.querySelectorAll(".over")) item.classList.remove("over");
    if (!dragged || !over) return;
    event.preventDefault();
    over.classList.add("over");
  });
  outline.addEventListener("drop", (event) => {
    const over = event.target.closest("li");
    if (!dragged || !over || over === dragged) return;
    event.preventDefault();
    sendMove(dragged.dataset.pk, over.dataset.pk);
  });
}

// The form with the arrows moves the section that is open: here it moves another one.
function sendMove(section, before) {
  const form = byId("move");
  form.action = form.action.replace(/summarysection\/\d+/, `summarysection/${section}`);
  form.elements.before.disabled = false;
  form.elements.before.value = before;
  form.append(create("input", { type: "hidden", name: "to", value: "before" }));
  form.requestSubmit();
}
