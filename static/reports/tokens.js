// Puts a chosen token into the text, where the cursor stands.
const text = document.querySelector("textarea[data-tokens]");

function insert(token) {
  text.setRangeText(token, text.selectionStart, text.selectionEnd, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
  text.focus();
}

function makeButton(code) {
  code.setAttribute("role", "button");
  code.tabIndex = 0;
  code.addEventListener("click", () => insert(code.dataset.token));
  code.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    insert(code.dataset.token);
  });
}

if (text) {
  // Until somebody has put the cursor elsewhere, a token goes to the end.
  text.setSelectionRange(text.value.length, text.value.length);
  document.querySelectorAll("[data-token]").forEach(makeButton);
}
