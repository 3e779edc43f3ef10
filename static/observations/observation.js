// Recording an observation: the running total, one answer an item, the time of each step. The form works without it.
const form = document.querySelector("form[data-observation]");

// The total and how many items are still without a score.
const items = [...form.querySelectorAll("[data-score]")];
const bar = form.querySelector("[data-total]");
const answer = (item) => item.querySelector("[type=number]").value || item.querySelector(":checked")?.value || "";
const addUp = () => {
  const scores = items.map(answer).filter((score) => score !== "");
  const missing = items.length - scores.length;
  bar.querySelector("output").value = Math.round(scores.reduce((sum, score) => sum + Number(score), 0) * 10) / 10;
  bar.querySelector("[data-note]").textContent = missing ? bar.dataset.missing.replace("#", missing) : bar.dataset.full;
};

// Of the buttons and the box only the one used last has an answer.
form.addEventListener("input", (event) => {
  const item = event.target.closest("[data-score]");
  if (!item) return;
  if (event.target.type === "radio") item.querySelector("[type=number]").value = "";
  else for (const button of item.querySelectorAll(":checked")) button.checked = false;
  addUp();
});
if (items.length) {
  bar.hidden = false;
  addUp();
}

// A step of the lesson begins with the time.
const process = form.querySelector("[name=process]");
const stamp = form.querySelector("template[data-stamp]").content.firstElementChild.cloneNode(true);
process.after(stamp);
stamp.addEventListener("click", () => {
  const time = new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
  process.value = `${process.value}${process.value && !process.value.endsWith("\n") ? "\n" : ""}${time} `;
  process.focus();
  process.dispatchEvent(new Event("input", { bubbles: true }));
});
