// What the pages do beyond what forms and links do by themselves. All of it may fail: the pages work without it.
// biome-ignore lint/suspicious/noRedundantUseStrict: no module, so that the class js is set before anything is drawn
"use strict";
document.documentElement.classList.add("js");

// The school year is chosen without pressing a button.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-submit-on-change]");
  if (form) form.requestSubmit();
});

// A form is sent once, however often the button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// Typed text is not lost by leaving the page unawares.
let typed = null;
document.addEventListener("input", (event) => {
  typed = event.target.closest("form[data-guard]") || typed;
});
addEventListener("beforeunload", (event) => {
  if (typed && !typed.dataset.sent) event.preventDefault();
});

// Whether a change is a correction is asked where there is one.
const askSince = () => {
  for (const radio of document.querySelectorAll("[data-facts]")) {
    const fields = radio.dataset.facts.split(" ").map((name) => radio.form.elements[name]);
    const box = radio.closest("[id^=div_id_]");
    if (!box) continue;
    const changed = fields.some((field) => field && before(field) !== field.value);
    box.hidden = !changed && !box.querySelector(":checked, .is-invalid");
  }
};
const before = (field) => {
  if (!field.options) return field.defaultValue;
  const chosen = [...field.options].find((option) => option.defaultSelected) || field.options[0];
  return chosen ? chosen.value : "";
};
document.addEventListener("input", askSince);
document.addEventListener("DOMContentLoaded", askSince);

// Small menus close when one looks elsewhere.
const closeAll = (except) => {
  for (const pop of document.querySelectorAll("details.pop[open]")) if (pop !== except) pop.open = false;
};
document.addEventListener("click", (event) => closeAll(event.target.closest("details.pop")));
document.addEventListener("keydown", (event) => {
  const pop = event.key === "Escape" && document.querySelector("details.pop[open]");
  if (!pop) return;
  pop.open = false;
  pop.querySelector("summary").focus();
});

// After a refused form, reading goes on at what is wrong.
document.addEventListener("DOMContentLoaded", () => document.querySelector("[data-focus]")?.focus());

// A search box filters while one types; leaving it must not filter again, and overtake what was clicked.
const hush = (event) => {
  if (event.target.matches("form[data-tidy] [type=search]")) event.stopPropagation();
};
document.addEventListener("change", hush, true);

// htmx: the token that Django wants, addresses without empty filters, a word when the server does not answer.
document.addEventListener("htmx:configRequest", (event) => {
  const { headers, parameters, elt, verb } = event.detail;
  if (verb !== "get") headers["X-CSRFToken"] = document.querySelector("meta[name=csrf-token]").content;
  if (!elt.closest("form[data-tidy]")) return;
  for (const name of Object.keys(parameters)) if (parameters[name] === "" && name !== "period") delete parameters[name];
});
for (const failure of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(failure, () => {
    const note = Object.assign(document.createElement("p"), {
      className: "note error",
      textContent: document.body.dataset.failed,
    });
    document.getElementById("notes")?.replaceChildren(note);
  });
}
