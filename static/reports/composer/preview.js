// The paper at the right: what is being written stands in sight.
import { byId } from "./elements.js";

export function scrollToChosen() {
  const sheet = byId("preview");
  const chosen = sheet.querySelector(".chosen");
  if (chosen) sheet.scrollTop = chosen.offsetTop - sheet.offsetTop - 40;
}

// html: made and escaped by the server.
export function showPreview(html) {
  byId("preview").innerHTML = html;
  scrollToChosen();
}
