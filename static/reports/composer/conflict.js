// Somebody else has changed the same paragraph or the heading meanwhile: both stand side by side until one is chosen.
import { byId } from "./elements.js";

export class Conflict {
  open = false; // nothing is saved as long as it is

  constructor(desk, editor, saveNow) {
    Object.assign(this, { desk, editor, saveNow });
    this.panel = byId("together");
    this.who = byId("together-who");
    this.mine = byId("mine");
    this.theirs = byId("theirs");
  }

  show(state) {
    const { desk, panel, who } = this;
    const ofHeading = state.field === "heading";
    this.open = true;
    who.textContent = `${state.who} ${ofHeading ? who.dataset.heading : who.dataset.said}`;
    this.mine.textContent = ofHeading ? desk.heading.value : desk.box.value;
    this.theirs.textContent = state.theirs;
    this.#showChoice(true);
    panel.hidden = false;
    desk.sayUnsaved();
    panel.onclick = (event) => {
      const { keep } = event.target.dataset;
      if (keep) this.#choose(keep, state.theirs, ofHeading);
    };
  }

  #choose(keep, theirs, ofHeading) {
    const { desk, editor, panel } = this;
    (ofHeading ? desk.headingBase : desk.base).value = theirs;
    if (keep === "theirs" && ofHeading) desk.heading.value = theirs;
    else if (keep === "theirs") editor.set(theirs);
    // What was given up stays in sight, to be copied.
    this.#showChoice(false);
    panel.hidden = keep === "mine";
    this.open = false;
    this.saveNow();
  }

  #showChoice(shown) {
    const parts = [this.theirs.parentElement, this.who, ...this.panel.querySelectorAll("button")];
    for (const part of parts) part.hidden = !shown;
  }
}
