// The editor: paragraphs of text in which figures stand as chips. What is stored is plain text with {label} tokens.
// Nothing that is typed or pasted is ever read as HTML: the document is built of text nodes and our own chips only.
"use strict";
const TOKEN = /[{｛]([^{}｛｝\n]*)[}｝]/;
const ZERO = "\u200b"; // where the cursor can stand beside a chip

class Editor {
  constructor(box, figures, changed) {
    this.figures = figures; // label → { text, unit, words, source }
    this.changed = changed;
    this.box = box;
    this.area = Object.assign(document.createElement("div"), { className: "editor", contentEditable: "true", lang: "zh-CN" });
    this.area.setAttribute("role", "textbox");
    this.area.setAttribute("aria-multiline", "true");
    this.area.setAttribute("aria-label", box.getAttribute("aria-label"));
    this.composing = false;
    box.classList.add("behind");
    box.before(this.area);
    document.execCommand("defaultParagraphSeparator", false, "p");
    this.set(box.value);
    this.area.addEventListener("compositionstart", () => { this.composing = true; });
    this.area.addEventListener("compositionend", () => { this.composing = false; this.typed(); });
    this.area.addEventListener("input", () => this.typed());
    this.area.addEventListener("paste", (event) => this.paste(event));
    this.area.addEventListener("drop", (event) => event.preventDefault());
    this.area.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && "biu".includes(event.key.toLowerCase())) event.preventDefault();
    });
    document.addEventListener("selectionchange", () => {
      const selection = getSelection();
      if (selection.rangeCount && this.area.contains(selection.anchorNode)) this.place = selection.getRangeAt(0).cloneRange();
    });
  }

  set(text) {
    const lines = text.split("\n").map((line) => {
      const paragraph = document.createElement("p");
      paragraph.append(...this.pieces(line));
      if (!paragraph.hasChildNodes()) paragraph.append(document.createElement("br"));
      return paragraph;
    });
    this.area.replaceChildren(...lines);
    this.place = null;
    this.write();
  }

  pieces(line) {
    const found = [];
    for (let match = TOKEN.exec(line); match; match = TOKEN.exec(line)) {
      const chip = this.chip(match[1].trim());
      if (match.index) found.push(document.createTextNode(line.slice(0, match.index)));
      found.push(chip || document.createTextNode(match[0].replace("{", "｛")), document.createTextNode(ZERO));
      line = line.slice(match.index + match[0].length);
    }
    if (line) found.push(document.createTextNode(line));
    return found;
  }

  chip(label) {
    const figure = this.figures[label];
    if (!figure) return null;
    const chip = Object.assign(document.createElement("span"), { className: figure.words ? "chip words" : "chip", contentEditable: "false" });
    chip.dataset.label = label;
    chip.textContent = figure.text;
    return chip;
  }

  refresh() {
    for (const chip of this.area.querySelectorAll(".chip")) chip.textContent = this.figures[chip.dataset.label]?.text ?? "";
  }

  get text() {
    const lines = [""];
    const read = (node) => {
      if (node.nodeType === Node.TEXT_NODE) lines[lines.length - 1] += node.data.replaceAll(ZERO, "").replaceAll("\n", " ");
      else if (node.dataset?.label !== undefined) lines[lines.length - 1] += `{${node.dataset.label}}`;
      else if (node.nodeName === "BR") { if (node.nextSibling) lines.push(""); } else {
        const block = node !== this.area && ["P", "DIV"].includes(node.nodeName);
        if (block && lines.at(-1) !== "") lines.push("");
        node.childNodes.forEach(read);
        if (block && lines.at(-1) !== "") lines.push("");
      }
    };
    read(this.area);
    return lines.map((line) => line.trim()).filter(Boolean).join("\n").replaceAll("｛", "{").replaceAll("｝", "}");
  }

  write() { this.box.value = this.text; }

  typed() {
    if (this.composing) return;
    this.tokens();
    this.write();
    this.changed();
  }

  // A token that has been typed to its closing brace becomes a chip.
  tokens() {
    const walker = document.createTreeWalker(this.area, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.parentElement.closest(".chip")) continue;
      const match = TOKEN.exec(node.data);
      const chip = match && this.chip(match[1].trim());
      if (!chip) continue;
      const rest = document.createTextNode(ZERO + node.data.slice(match.index + match[0].length));
      node.data = node.data.slice(0, match.index);
      node.after(chip, rest);
      getSelection().collapse(rest, 1);
      walker.currentNode = chip;
    }
  }

  paste(event) {
    event.preventDefault();
    this.insert(event.clipboardData.getData("text/plain"), true);
  }

  // Puts text, whose tokens become chips, where the cursor stands or stood last; at the end otherwise.
  insert(text, instead = false) {
    const selection = getSelection();
    const here = document.activeElement === this.area && selection.rangeCount && this.area.contains(selection.anchorNode);
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
    this.typed();
  }

  // The text node and offset of a place in a paragraph, counted as the stored text counts (tokens in full).
  at(paragraph, offset) {
    const lines = [...this.area.children].filter((line) => line.textContent.replaceAll(ZERO, "").trim());
    const line = lines[paragraph];
    if (!line) return null;
    const walker = document.createTreeWalker(line, NodeFilter.SHOW_ALL);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.dataset?.label !== undefined) { offset -= node.dataset.label.length + 2; continue; }
      if (node.nodeType !== Node.TEXT_NODE || node.parentElement.closest(".chip")) continue;
      const length = node.data.replaceAll(ZERO, "").length;
      if (offset <= length) return [node, offset + (node.data.startsWith(ZERO) ? 1 : 0)];
      offset -= length;
    }
    return null;
  }

  range(place) {
    const from = this.at(place.paragraph, place.start), to = this.at(place.paragraph, place.end);
    if (!from || !to) return null;
    const range = document.createRange();
    range.setStart(...from);
    range.setEnd(...to);
    return range.toString().replaceAll(ZERO, "") === place.text ? range : null;
  }

  replace(place, text) {
    const range = this.range(place);
    if (!range) return;
    this.place = range;
    this.insert(text, range);
  }
}
