// Puts a chosen token into the text, where the cursor stands.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const text = document.querySelector("textarea[data-tokens]");
  if (!text) return;
  // Until somebody has put the cursor elsewhere, a token goes to the end.
  text.setSelectionRange(text.value.length, text.value.length);
  const insert = (token) => {
    text.setRangeText(token, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
    text.focus();
  };
  for (const code of document.querySelectorAll("[data-token]")) {
    code.setAttribute("role", "button");
    code.tabIndex = 0;
    code.addEventListener("click", () => insert(code.dataset.token));
    code.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        insert(code.dataset.token);
      }
    });
  }
});
