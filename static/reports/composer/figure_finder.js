// The figures to put in: found by name or pinyin, offered by chapter with their value and last year's.
import { byId, create } from "./elements.js";

const MOST = 200; // figures that are offered at once

export class FigureFinder {
  // rows: all figures, in the order of their chapters; chosen(label): called with the one that somebody takes.
  constructor(rows, chosen) {
    this.rows = rows;
    this.chosen = chosen;
    this.input = byId("find");
    this.list = byId("found");
    this.#listen();
  }

  #listen() {
    const { input, list } = this;
    input.addEventListener("input", () => this.#offer());
    input.addEventListener("focus", () => this.#offer());
    input.addEventListener("focus", () => this.#fetchLastYear(), { once: true });
    input.addEventListener("blur", () => setTimeout(() => this.#open(false), 150));
    input.addEventListener("keydown", (event) => this.#press(event));
    list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      this.#choose(event.target.closest("[role=option]"));
    });
  }

  get #options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  #open(shown) {
    this.list.hidden = !shown;
    this.input.setAttribute("aria-expanded", shown);
  }

  #point(option) {
    for (const other of this.#options) other.setAttribute("aria-selected", other === option);
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  #press(event) {
    const options = this.#options;
    const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown") this.#point(options[Math.min(at + 1, options.length - 1)]);
    else if (event.key === "ArrowUp") this.#point(options[Math.max(at - 1, 0)]);
    else if (event.key === "Enter") this.#choose(options[at]);
    else if (event.key === "Escape") this.#open(false);
    else return;
    event.preventDefault();
  }

  #choose(option) {
    if (!option) return;
    this.input.value = "";
    this.#open(false);
    this.chosen(option.dataset.label);
  }

  #offer() {
    const asked = this.input.value.trim().toLowerCase();
    const fits = (row) => !asked || row.label.toLowerCase().includes(asked) || row.pinyin.includes(asked);
    const items = [];
    let chapter = "";
    for (const [number, row] of this.rows.filter(fits).slice(0, MOST).entries()) {
      if (row.chapter !== chapter) items.push(groupOf(row.chapter));
      chapter = row.chapter;
      items.push(optionOf(row, number));
    }
    this.list.replaceChildren(...(items.length ? items : [groupOf(this.list.dataset.none)]));
    this.#point(this.#options[0]);
    this.#open(true);
  }

  async #fetchLastYear() {
    try {
      const answer = await fetch(this.list.dataset.before);
      const before = await answer.json();
      for (const row of this.rows) row.before = before[row.label];
      if (!this.list.hidden) this.#offer();
    } catch {
      // the list does without last year
    }
  }
}

const groupOf = (text) => create("li", { className: "group", textContent: text });

function optionOf(row, number) {
  const option = create("li", { id: `figure-${number}` });
  option.setAttribute("role", "option");
  option.dataset.label = row.label;
  const before = row.before === undefined || row.before === "" ? "" : ` · ${row.before}`;
  option.append(row.label, create("small", { textContent: `${row.text} ${row.unit}${before}` }));
  return option;
}
