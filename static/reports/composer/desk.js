// The desk: the form with a section's text and heading, what is said about saving it, and the way to the server.
import { byId } from "./elements.js";

export class Desk {
  constructor(form) {
    this.form = form;
    this.words = form.dataset;
    this.status = byId("saved");
    this.box = form.elements.text;
    this.heading = form.elements.heading;
    // What the server had when this page got it: it merges what two writers did meanwhile.
    this.base = form.elements.base;
    this.headingBase = form.elements.heading_base;
  }

  say(text) {
    this.status.textContent = text;
  }

  // Not saved, and somebody has to do something about it.
  sayUnsaved() {
    this.say(this.words.unsaved.split("；")[0]);
  }

  // Not saved, but it is tried again.
  sayTryingAgain() {
    this.say(this.words.unsaved);
  }

  post(address, options) {
    const [body, headers] = [new FormData(this.form), { ...options.headers }];
    // Who signs in anew in another window gets another token: the cookie has the one that counts.
    const token = /(?:^|; )csrftoken=([^;]*)/.exec(document.cookie);
    if (token) {
      body.delete("csrfmiddlewaretoken");
      headers["X-CSRFToken"] = token[1];
    }
    return fetch(address, { ...options, method: "POST", body, headers });
  }
}
