// The composer: saves by itself, shows the paper, offers figures, warns of numbers typed by hand and of other writers.
// Without it the page is an outline of links and a form with a text box. Here its parts are put together.
import { Conflict } from "./conflict.js";
import { Desk } from "./desk.js";
import { Editor } from "./editor.js";
import { byId, readJson } from "./elements.js";
import { FigureFinder } from "./figure_finder.js";
import { guardLeaving } from "./leaving.js";
import { letSectionsBeDragged, renameSections } from "./outline.js";
import { scrollToChosen, showPreview } from "./preview.js";
import { RecordsPanel } from "./records_panel.js";
import { Refusals } from "./refusals.js";
import { Saving } from "./saving.js";
import { markTypedNumbers } from "./typed_numbers.js";

function compose(form) {
  const rows = readJson("figures");
  const figures = Object.fromEntries(rows.map((row) => [row.label, row]));
  const saveNow = () => saving.later(0);

  const desk = new Desk(form);
  const editor = new Editor(desk.box, figures, () => saving.later());
  const refusals = new Refusals(desk, saveNow);
  const conflict = new Conflict(desk, editor, saveNow);
  const saving = new Saving(desk, editor, { refusals, conflict, kept: (state) => show(state) });
  guardLeaving(desk, saving, { refusals, conflict });

  // What the server knows anew when a text is saved.
  function show(state) {
    for (const [label, text] of Object.entries(state.figures)) if (figures[label]) figures[label].text = text;
    editor.refresh();
    byId("typed-total").textContent = state.typed_total;
    showPreview(state.preview);
    renameSections(state.outline);
    if (!saving.dirty) markTypedNumbers(editor, state.typed);
  }

  const records = new RecordsPanel(editor, figures);
  new FigureFinder(rows, (label) => {
    editor.insert(`{${label}}`);
    records.show(label);
  });
  for (const button of document.querySelectorAll("[data-sentence]"))
    button.addEventListener("click", () => editor.insert(button.dataset.sentence));

  letSectionsBeDragged();
  if (matchMedia("(max-width: 767px)").matches) document.querySelector(".outline").open = false;
  scrollToChosen();
  markTypedNumbers(editor, readJson("typed-now"));
}

const form = byId("desk");
if (form) compose(form);
