// Stored text ↔ paragraphs of the editor. What is stored is plain text with {label} tokens; in the editor a token is a
// chip. Nothing is ever read as HTML: paragraphs are built of text nodes and our own chips only.
import { create } from "./elements.js";

const ZERO = "\u200b"; // where the cursor can stand beside a chip

// The first token of a text: where it stands, how long it is, its label.
export const TOKEN = /[{｛]([^{}｛｝\n]*)[}｝]/;

export const withoutZero = (text) => text.replaceAll(ZERO, "");
export const beginsWithZero = (text) => text.startsWith(ZERO);

export const isChip = (node) => node.dataset?.label !== undefined;

// The text that follows a chip, with a place for the cursor between the two.
export const afterChip = (text = "") => document.createTextNode(ZERO + text);

// The chip of a figure, null if there is no figure of this label.
export function createChip(label, figures) {
  const figure = figures[label];
  if (!figure) return null;
  const chip = create("span", { className: figure.words ? "chip words" : "chip", contentEditable: "false" });
  chip.dataset.label = label;
  chip.textContent = figure.text;
  return chip;
}

function piecesOf(line, figures) {
  const pieces = [];
  let rest = line;
  for (let match = TOKEN.exec(rest); match; match = TOKEN.exec(rest)) {
    const chip = createChip(match[1].trim(), figures);
    if (match.index) pieces.push(document.createTextNode(rest.slice(0, match.index)));
    pieces.push(chip || document.createTextNode(match[0].replace("{", "｛")), afterChip());
    rest = rest.slice(match.index + match[0].length);
  }
  if (rest) pieces.push(document.createTextNode(rest));
  return pieces;
}

// One paragraph for each line of the stored text.
export const paragraphsOf = (text, figures) =>
  text.split("\n").map((line) => {
    const paragraph = create("p");
    paragraph.append(...piecesOf(line, figures));
    if (!paragraph.hasChildNodes()) paragraph.append(create("br"));
    return paragraph;
  });

// The text to be stored, whatever the browser has made of the paragraphs while somebody typed.
export function textOf(area) {
  const text = [...area.childNodes].map(read).join("");
  const lines = text.split("\n").map((line) => line.trim());
  return lines.filter(Boolean).join("\n").replaceAll("｛", "{").replaceAll("｝", "}");
}

// A node's text with its line breaks; lines without text are dropped later.
function read(node) {
  if (node.nodeType === Node.TEXT_NODE) return withoutZero(node.data).replaceAll("\n", " ");
  if (isChip(node)) return `{${node.dataset.label}}`;
  if (node.nodeName === "BR") return node.nextSibling ? "\n" : "";
  const text = [...node.childNodes].map(read).join("");
  return ["P", "DIV"].includes(node.nodeName) ? `\n${text}\n` : text;
}
