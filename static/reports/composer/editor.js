// The editor: paragraphs of text in which figures stand as chips, in front of the text box that the form sends.
import { create } from "./elements.js";
import { afterChip, createChip, paragraphsOf, TOKEN, textOf } from "./paragraphs.js";
import { rangeOf } from "./places.js";

export class Editor {
  // figures: label → { text, unit, words, source }; changed: called whenever somebody has typed.
  constructor(box, figures, changed) {
    this.figures = figures;
    this.changed = changed;
    this.box = box;
    this.composing = false;
    this.area = create("div", { className: "editor", contentEditable: "true", lang: "zh-CN" });
    this.area.setAttribute("role", "textbox");
    this.area.setAttribute("aria-multiline", "true");
    this.area.setAttribute("aria-label", box.getAttribute("aria-label"));
    box.classList.add("behind");
    box.before(this.area);
    document.execCommand("defaultParagraphSeparator", false, "p");
    this.set(box.value);
    this.#listen();
  }

  #listen() {
    this.area.addEventListener("compositionstart", () => {
      this.composing = true;
    });
    this.area.addEventListener("compositionend", () => {
      this.composing = false;
      this.#typed();
    });
    this.area.addEventListener("input", () => this.#typed());
    this.area.addEventListener("paste", (event) => {
      event.preventDefault();
      this.insert(event.clipboardData.getData("text/plain"), true);
    });
    this.area.addEventListener("drop", (event) => event.preventDefault());
    this.area.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && "biu".includes(event.key.toLowerCase())) event.preventDefault();
    });
    document.addEventListener("selectionchange", () => {
      const selection = getSelection();
      if (selection.rangeCount && this.area.contains(selection.anchorNode))
        this.place = selection.getRangeAt(0).cloneRange();
    });
  }

  get text() {
    return textOf(this.area);
  }

  set(text) {
    this.area.replaceChildren(...paragraphsOf(text, this.figures));
    this.place = null;
    this.write();
  }

  // Into the text box, which the form sends.
  write() {
    this.box.value = this.text;
  }

  // The chips show what the figures are by now.
  refresh() {
    for (const chip of this.area.querySelectorAll(".chip"))
      chip.textContent = this.figures[chip.dataset.label]?.text ?? "";
  }

  #typed() {
    if (this.composing) return;
    this.#makeChips();
    this.write();
    this.changed();
  }

  // A token that has been typed to its closing brace becomes a chip.
  #makeChips() {
    const walker = document.createTreeWalker(this.area, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.parentElement.closest(".chip")) continue;
      const match = TOKEN.exec(node.data);
      const chip = match && createChip(match[1].trim(), this.figures);
      if (!chip) continue;
      const rest = afterChip(node.data.slice(match.index + match[0].length));
      node.data = node.data.slice(0, match.index);
      node.after(chip, rest);
      getSelection().collapse(rest, 1);
      walker.currentNode = chip;
    }
  }

  // Puts text, whose tokens become chips, where the cursor stands or stood last; at the end otherwise.
  insert(text, instead = false) {
    const selection = getSelection();
    const here =
      document.activeElement === this.area && selection.rangeCount && this.area.contains(selection.anchorNode);
    this.area.focus();
    if (!here || instead === this.place) {
      if (this.place && this.area.contains(this.place.startContainer)) {
        selection.removeAllRanges();
        selection.addRange(this.place);
      } else {
        selection.selectAllChildren(this.area.lastElementChild || this.area);
        selection.collapseToEnd();
      }
    }
    // A chip that was only looked at stays.
    if (!instead) selection.collapseToEnd();
    document.execCommand("insertText", false, text.replaceAll("\r", ""));
    this.#typed();
  }

  range(place) {
    return rangeOf(this.area, place);
  }

  replace(place, text) {
    const range = this.range(place);
    if (!range) return;
    this.place = range;
    this.insert(text, range);
  }
}
