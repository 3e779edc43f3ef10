// The records behind a figure: the first of them below the text, and a link to all.
import { byId } from "./elements.js";

export class RecordsPanel {
  constructor(editor, figures) {
    this.editor = editor;
    this.figures = figures;
    this.panel = byId("records");
    [this.title, this.list, this.all] = ["title", "list", "all"].map((part) =>
      this.panel.querySelector(`[data-part=${part}]`),
    );
    editor.area.addEventListener("click", (event) => {
      const chip = event.target.closest(".chip");
      if (chip) this.show(chip.dataset.label, chip);
    });
  }

  async show(label, chip = null) {
    for (const other of this.editor.area.querySelectorAll("[aria-selected]")) other.removeAttribute("aria-selected");
    chip?.setAttribute("aria-selected", "true");
    const figure = this.figures[label];
    const { all, none } = this.panel.dataset;
    this.title.textContent = `${label}  ${figure.text} ${figure.unit}`;
    this.list.replaceChildren(figure.source ? "" : none);
    this.all.hidden = !figure.source;
    this.all.href = figure.source;
    this.all.textContent = `${all} ›`;
    this.panel.hidden = false;
    if (figure.source) await this.#fetch(figure.source);
  }

  async #fetch(source) {
    try {
      const answer = await fetch(source);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const table = page.querySelector("main table");
      if (table) this.list.replaceChildren(document.importNode(shorten(table), true));
    } catch {
      // the link to all of them stays
    }
  }
}

// As much as fits beside the paper: five records, and what tells them apart.
function shorten(table) {
  for (const part of table.querySelectorAll("tbody tr:nth-child(n+6), tr > :nth-child(n+5)")) part.remove();
  for (const link of table.querySelectorAll("th a")) link.replaceWith(link.textContent);
  return table;
}
