// Nobody loses text by leaving the page: it is saved first.

export function guardLeaving(desk, saving, { refusals, conflict }) {
  addEventListener("visibilitychange", () => {
    if (document.hidden) saving.save(true);
  });
  addEventListener("beforeunload", (event) => {
    if (!saving.dirty && !conflict.open) return;
    saving.save(true);
    event.preventDefault();
  });

  // A link or another form waits until what was typed is kept; if it was refused, the page stays and shows why.
  const settle = async (event, go) => {
    if ((!saving.dirty && !saving.busy) || conflict.open) return;
    event.preventDefault();
    for (let turn = 0; saving.busy && turn < 40; turn += 1) await new Promise((done) => setTimeout(done, 50));
    await saving.save();
    if (!saving.dirty) go();
    else refusals.scrollTo();
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || link.target || link.hasAttribute("download") || event.ctrlKey || event.metaKey) return;
    settle(event, () => {
      location.href = link.href;
    });
  });
  const sendOtherForm = (event) => {
    if (event.target !== desk.form) settle(event, () => event.target.requestSubmit(event.submitter));
  };
  document.addEventListener("submit", sendOtherForm, true);
}
