// The composer: saves by itself, shows the paper, offers figures, warns of numbers typed by hand and of other writers.
// Without it the page is an outline of links and a form with a text box.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("desk");
  if (!form) return;
  const $ = (id) => document.getElementById(id);
  const rows = JSON.parse($("figures").textContent);
  const figures = Object.fromEntries(rows.map((row) => [row.label, row]));
  const [box, base, heading, headingBase] = ["text", "base", "heading", "heading_base"].map((name) => form.elements[name]);
  const saved = $("saved");
  let timer = null, busy = false, dirty = false, again = false, conflict = false;

  const editor = new Editor(box, figures, () => later());
  const write = (node, text) => { node.textContent = text; };

  // Saving

  const later = (after = 1500) => {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(save, after);
  };

  function post(address, options) {
    const [body, headers] = [new FormData(form), { ...options.headers }];
    // Who signs in anew in another window gets another token: the cookie has the one that counts.
    const token = /(?:^|; )csrftoken=([^;]*)/.exec(document.cookie);
    if (token) { body.delete("csrfmiddlewaretoken"); headers["X-CSRFToken"] = token[1]; }
    return fetch(address, { ...options, method: "POST", body, headers });
  }

  async function save(leaving = false) {
    clearTimeout(timer);
    if (busy) { again = true; return; }
    if (!dirty || conflict) return;
    busy = true;
    editor.write();
    const [sent, named] = [box.value, heading.value];
    write(saved, form.dataset.saving);
    try {
      const answer = await post(form.action, { keepalive: leaving, headers: { Accept: "application/json" } });
      if (answer.redirected || answer.status === 403) refuse([form.dataset.signedOut]);
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      const state = await answer.json();
      if (state.theirs !== undefined) differ(state);
      else if (state.errors) { refuse(state.errors, state.back); write(saved, form.dataset.unsaved.split("；")[0]); }
      else stand(state, sent, named);
    } catch {
      write(saved, form.dataset.unsaved);
      timer = setTimeout(save, 5000);
    }
    busy = false;
    if (again) { again = false; later(300); }
  }

  function stand(state, sent, named) {
    dirty = editor.text !== sent || heading.value !== named;
    refuse(state.merged ? [state.merged] : []);
    base.value = state.text;
    headingBase.value = state.heading;
    if (heading.value === named && state.heading !== named.trim()) heading.value = state.heading;
    if (!dirty && state.text !== sent) editor.set(state.text);
    for (const [label, text] of Object.entries(state.figures)) if (figures[label]) figures[label].text = text;
    editor.refresh();
    write(saved, `${form.dataset.saved} ${state.saved}`);
    write($("typed-total"), state.typed_total);
    $("preview").innerHTML = state.preview; // made and escaped by the server
    show();
    for (const item of $("outline").children) if (state.outline[item.dataset.pk]) write(item.querySelector("a"), state.outline[item.dataset.pk]);
    if (!dirty) mark(state.typed);
    if (dirty) later();
  }

  function refuse(errors, back = "") {
    const list = Object.assign(document.createElement("ul"), { className: "note error" });
    list.append(...errors.map((error) => Object.assign(document.createElement("li"), { textContent: error })));
    $("refused").replaceChildren(...(errors.length ? [list] : []));
    if (!back) return;
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm btn-quiet", textContent: form.dataset.takeBack });
    button.addEventListener("click", async () => {
      try { await post(back, { redirect: "manual" }); } catch { /* saving says what is wrong */ }
      later(0);
    });
    list.lastElementChild.append(" ", button);
  }

  function differ(state) {
    conflict = true;
    const [named, said] = [state.field === "heading", $("together-who").dataset];
    write($("together-who"), `${state.who} ${named ? said.heading : said.said}`);
    write($("mine"), named ? heading.value : box.value);
    write($("theirs"), state.theirs);
    for (const part of [$("theirs").parentElement, $("together-who"), ...$("together").querySelectorAll("button")]) part.hidden = false;
    $("together").hidden = false;
    write(saved, form.dataset.unsaved.split("；")[0]);
    $("together").onclick = (event) => {
      const keep = event.target.dataset.keep;
      if (!keep) return;
      (named ? headingBase : base).value = state.theirs;
      if (keep === "theirs" && named) heading.value = state.theirs;
      else if (keep === "theirs") editor.set(state.theirs);
      // What was given up stays in sight, to be copied.
      $("theirs").parentElement.hidden = true;
      for (const button of $("together").querySelectorAll("button")) button.hidden = true;
      $("together-who").hidden = true;
      $("together").hidden = keep === "mine";
      conflict = false;
      later(0);
    };
  }

  heading.addEventListener("input", () => later());
  form.addEventListener("submit", (event) => { event.preventDefault(); event.stopPropagation(); delete form.dataset.sent; dirty = true; save(); });
  addEventListener("visibilitychange", () => { if (document.hidden) save(true); });
  addEventListener("beforeunload", (event) => { if (dirty || conflict) { save(true); event.preventDefault(); } });
  // A link or another form waits until what was typed is kept; if it was refused, the page stays and shows why.
  const settle = async (event, go) => {
    if ((!dirty && !busy) || conflict) return;
    event.preventDefault();
    for (let turn = 0; busy && turn < 40; turn += 1) await new Promise((done) => setTimeout(done, 50));
    await save();
    if (!dirty) go();
    else $("refused").scrollIntoView({ block: "center" });
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (link && !link.target && !link.hasAttribute("download") && !event.ctrlKey && !event.metaKey) settle(event, () => { location.href = link.href; });
  });
  document.addEventListener("submit", (event) => { if (event.target !== form) settle(event, () => event.target.requestSubmit(event.submitter)); }, true);

  // Numbers typed by hand

  function mark(places) {
    const ranges = places.map((place) => editor.range(place)).filter(Boolean);
    if (window.Highlight && CSS.highlights) CSS.highlights.set("typed", new Highlight(...ranges));
    $("typed").replaceChildren(...places.map((place) => {
      const item = document.createElement("li");
      item.append(`“${place.text}” ${$("typed").dataset.byHand} `);
      if (place.token) {
        const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm btn-quiet", textContent: `${$("typed").dataset.instead} ${place.token}` });
        button.addEventListener("click", () => editor.replace(place, place.token));
        item.append(button);
      }
      return item;
    }));
  }

  // Figures to put in

  const [find, found] = [$("find"), $("found")];
  const options = () => [...found.querySelectorAll("[role=option]")];
  const point = (option) => {
    options().forEach((other) => other.setAttribute("aria-selected", other === option));
    option?.scrollIntoView({ block: "nearest" });
    if (option) find.setAttribute("aria-activedescendant", option.id); else find.removeAttribute("aria-activedescendant");
  };
  const open = (shown) => { found.hidden = !shown; find.setAttribute("aria-expanded", shown); };
  function offer() {
    const asked = find.value.trim().toLowerCase();
    const fits = rows.filter((row) => !asked || row.label.toLowerCase().includes(asked) || row.pinyin.includes(asked));
    let chapter = "";
    const items = [];
    for (const [number, row] of fits.slice(0, 200).entries()) {
      if (row.chapter !== chapter) {
        chapter = row.chapter;
        items.push(Object.assign(document.createElement("li"), { className: "group", textContent: chapter }));
      }
      const item = Object.assign(document.createElement("li"), { id: `figure-${number}` });
      item.setAttribute("role", "option");
      item.dataset.label = row.label;
      const before = row.before === undefined || row.before === "" ? "" : ` · ${row.before}`;
      item.append(row.label, Object.assign(document.createElement("small"), { textContent: `${row.text} ${row.unit}${before}` }));
      items.push(item);
    }
    if (!items.length) items.push(Object.assign(document.createElement("li"), { className: "group", textContent: found.dataset.none }));
    found.replaceChildren(...items);
    point(options()[0]);
    open(true);
  }
  const choose = (item) => { if (item) { editor.insert(`{${item.dataset.label}}`); find.value = ""; open(false); records(item.dataset.label); } };
  find.addEventListener("input", offer);
  find.addEventListener("focus", offer);
  find.addEventListener("focus", async () => {
    try {
      const before = await (await fetch(found.dataset.before)).json();
      for (const row of rows) row.before = before[row.label];
      if (!found.hidden) offer();
    } catch { /* the list does without last year */ }
  }, { once: true });
  find.addEventListener("blur", () => setTimeout(() => open(false), 150));
  find.addEventListener("keydown", (event) => {
    const all = options(), at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown") point(all[Math.min(at + 1, all.length - 1)]);
    else if (event.key === "ArrowUp") point(all[Math.max(at - 1, 0)]);
    else if (event.key === "Enter") choose(all[at]);
    else if (event.key === "Escape") open(false);
    else return;
    event.preventDefault();
  });
  found.addEventListener("mousedown", (event) => { event.preventDefault(); choose(event.target.closest("[role=option]")); });
  for (const button of document.querySelectorAll("[data-sentence]")) button.addEventListener("click", () => editor.insert(button.dataset.sentence));

  // The records behind a figure

  editor.area.addEventListener("click", (event) => { const chip = event.target.closest(".chip"); if (chip) records(chip.dataset.label, chip); });
  async function records(label, chip = null) {
    editor.area.querySelectorAll("[aria-selected]").forEach((other) => other.removeAttribute("aria-selected"));
    chip?.setAttribute("aria-selected", "true");
    const [panel, row] = [$("records"), figures[label]];
    const [title, list, all] = [panel.querySelector("h2"), panel.querySelector("div"), panel.querySelector("a")];
    write(title, `${label}  ${row.text} ${row.unit}`);
    list.replaceChildren(row.source ? "" : panel.dataset.none);
    all.hidden = !row.source;
    all.href = row.source;
    write(all, `${panel.dataset.all} ›`);
    panel.hidden = false;
    if (!row.source) return;
    try {
      const page = new DOMParser().parseFromString(await (await fetch(row.source)).text(), "text/html");
      const table = page.querySelector("main table");
      if (!table) return;
      // As much as fits beside the paper: five records, and what tells them apart.
      table.querySelectorAll("tbody tr:nth-child(n+6), tr > :nth-child(n+5)").forEach((part) => part.remove());
      table.querySelectorAll("th a").forEach((link) => link.replaceWith(link.textContent));
      list.replaceChildren(document.importNode(table, true));
    } catch { /* the link to all of them stays */ }
  }

  // The outline: drag a section before another

  let dragged = null;
  const move = $("move");
  $("outline").addEventListener("dragstart", (event) => { dragged = event.target.closest("li"); event.dataTransfer.effectAllowed = "move"; });
  $("outline").addEventListener("dragover", (event) => {
    const over = event.target.closest("li");
    document.querySelectorAll("#outline .over").forEach((item) => item.classList.remove("over"));
    if (!dragged || !over) return;
    event.preventDefault();
    over.classList.add("over");
  });
  $("outline").addEventListener("drop", (event) => {
    const over = event.target.closest("li");
    if (!dragged || !over || over === dragged) return;
    event.preventDefault();
    move.action = move.action.replace(/summarysection\/\d+/, `summarysection/${dragged.dataset.pk}`);
    move.elements.before.disabled = false;
    move.elements.before.value = over.dataset.pk;
    move.append(Object.assign(document.createElement("input"), { type: "hidden", name: "to", value: "before" }));
    move.requestSubmit();
  });

  const show = () => {
    const [sheet, chosen] = [$("preview"), $("preview").querySelector(".chosen")];
    if (chosen) sheet.scrollTop = chosen.offsetTop - sheet.offsetTop - 40;
  };
  if (matchMedia("(max-width: 767px)").matches) document.querySelector(".outline").open = false;
  show();
  mark(JSON.parse($("typed-now").textContent));
});
