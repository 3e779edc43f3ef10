// What the server refused, above the text. A section that somebody has left out meanwhile can be taken back from here.
import { byId, create, quietButton } from "./elements.js";

export class Refusals {
  constructor(desk, saveNow) {
    this.desk = desk;
    this.saveNow = saveNow;
    this.place = byId("refused");
  }

  // back: the address that takes the section back.
  show(errors, back = "") {
    const list = create("ul", { className: "note error" });
    list.append(...errors.map((error) => create("li", { textContent: error })));
    this.place.replaceChildren(...(errors.length ? [list] : []));
    if (back)
      list.lastElementChild.append(
        " ",
        quietButton(this.desk.words.takeBack, () => this.#takeBack(back)),
      );
  }

  async #takeBack(address) {
    try {
      await this.desk.post(address, { redirect: "manual" });
    } catch {
      // saving says what is wrong
    }
    this.saveNow();
  }

  scrollTo() {
    this.place.scrollIntoView({ block: "center" });
  }
}
