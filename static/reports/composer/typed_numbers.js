// Numbers typed by hand: marked in the text, listed below it, each with the figure that could stand there instead.
import { byId, create, quietButton } from "./elements.js";

export function markTypedNumbers(editor, places) {
  const list = byId("typed");
  const ranges = places.map((place) => editor.range(place)).filter(Boolean);
  if (window.Highlight && CSS.highlights) CSS.highlights.set("typed", new Highlight(...ranges));
  const items = places.map((place) => {
    const item = create("li");
    item.append(`“${place.text}” ${list.dataset.byHand} `);
    if (place.token)
      item.append(quietButton(`${list.dataset.instead} ${place.token}`, () => editor.replace(place, place.token)));
    return item;
  });
  list.replaceChildren(...items);
}
