// Choosing a row by typing its name: the list under the box, by keys, mouse or thumb. Without this the box is typed in.
const BOX = "[role=combobox][aria-controls$=_picks]";
const listOf = (box) => document.getElementById(box.getAttribute("aria-controls"));
const boxOf = (list) => document.querySelector(`[aria-controls="${list.id}"]`);
const options = (box) => [...listOf(box).querySelectorAll("[data-name]")];
const marked = (box) => options(box).findIndex((option) => option.getAttribute("aria-selected") === "true");

const mark = (box, option) => {
  for (const other of options(box)) other.setAttribute("aria-selected", other === option);
  if (option) box.setAttribute("aria-activedescendant", option.id);
  else box.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
};
const show = (box, shown) => {
  listOf(box).hidden = !shown;
  box.setAttribute("aria-expanded", shown);
  if (!shown) mark(box, null);
};
const choose = (box, option) => {
  box.value = option.dataset.name;
  box.dataset.chosen = box.value; // an answer that is still on its way does not open the list again
  show(box, false);
  box.dispatchEvent(new Event("change", { bubbles: true }));
};

document.addEventListener("htmx:afterSwap", ({ target: list }) => {
  if (!list.matches(".picks")) return;
  const box = boxOf(list);
  for (const [place, option] of [...list.children].entries()) option.id = `${list.id}_${place}`;
  show(box, list.children.length > 0 && document.activeElement === box && box.value !== box.dataset.chosen);
});

const step = (box, event, by) => {
  const found = options(box);
  if (!found.length) return;
  event.preventDefault();
  show(box, true);
  const from = marked(box);
  mark(box, found[(from < 0 && by < 0 ? -1 : from + by + found.length) % found.length] ?? found.at(-1));
};
// The marked one is meant; the only one also unmarked.
const take = (box, event) => {
  const found = options(box);
  if (listOf(box).hidden || !found.length) return;
  if (event.key === "Enter") event.preventDefault();
  const meant = found[marked(box)] ?? (found.length === 1 ? found[0] : null);
  if (meant) choose(box, meant);
};
const KEYS = {
  ArrowDown: (box, event) => step(box, event, 1),
  ArrowUp: (box, event) => step(box, event, -1),
  Enter: take,
  Tab: take,
  Escape: (box) => show(box, false),
};
document.addEventListener("keydown", (event) => {
  if (event.target.matches(BOX) && !event.isComposing) KEYS[event.key]?.(event.target, event);
});

// A press on the list does not take the focus from the box, so that the list is still there for the click.
document.addEventListener("mousedown", (event) => {
  if (event.target.closest(".picks")) event.preventDefault();
});
document.addEventListener("click", (event) => {
  const option = event.target.closest(".picks [data-name]");
  if (option) choose(boxOf(option.parentElement), option);
});
document.addEventListener("focusout", (event) => {
  if (event.target.matches(BOX)) show(event.target, false);
});
