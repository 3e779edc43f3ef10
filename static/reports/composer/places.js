// Places in the text: the server counts paragraphs and letters of the stored text, tokens in full; the browser counts
// nodes and offsets.
import { beginsWithZero, isChip, withoutZero } from "./paragraphs.js";

// The text node and offset of a place in a paragraph.
function nodeAt(area, number, offset) {
  const paragraph = [...area.children].filter((line) => withoutZero(line.textContent).trim())[number];
  if (!paragraph) return null;
  let left = offset;
  const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_ALL);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (isChip(node)) left -= node.dataset.label.length + 2;
    else if (node.nodeType === Node.TEXT_NODE && !node.parentElement.closest(".chip")) {
      const length = withoutZero(node.data).length;
      if (left <= length) return [node, left + (beginsWithZero(node.data) ? 1 : 0)];
      left -= length;
    }
  }
  return null;
}

// The range of { paragraph, start, end, text }; null if something else stands there by now.
export function rangeOf(area, place) {
  const [from, to] = [nodeAt(area, place.paragraph, place.start), nodeAt(area, place.paragraph, place.end)];
  if (!from || !to) return null;
  const range = document.createRange();
  range.setStart(...from);
  range.setEnd(...to);
  return withoutZero(range.toString()) === place.text ? range : null;
}
