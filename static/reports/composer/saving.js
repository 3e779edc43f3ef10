// Saving by itself: a while after the last letter, one request at a time, again if the server does not answer.

const [PAUSE, RETRY] = [1500, 5000]; // ms

export class Saving {
  #timer = null;
  #again = false;
  dirty = false;
  busy = false;

  // parts: refusals and conflict, which show answers of their kind, and kept(state), called when the text is saved.
  constructor(desk, editor, parts) {
    Object.assign(this, { desk, editor, ...parts });
    desk.heading.addEventListener("input", () => this.later());
    desk.form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      delete desk.form.dataset.sent;
      this.dirty = true;
      this.save();
    });
  }

  later(after = PAUSE) {
    this.dirty = true;
    this.#wait(after);
  }

  #wait(after) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.save(), after);
  }

  // leaving: the page is about to go, the request has to outlive it.
  async save(leaving = false) {
    clearTimeout(this.#timer);
    if (this.busy) {
      this.#again = true;
      return;
    }
    if (!this.dirty || this.conflict.open) return;
    this.busy = true;
    this.editor.write();
    const [text, heading] = [this.desk.box.value, this.desk.heading.value];
    this.desk.say(this.desk.words.saving);
    try {
      this.#take(await this.#send(leaving), text, heading);
    } catch {
      this.desk.sayTryingAgain();
      this.#wait(RETRY);
    }
    this.busy = false;
    if (this.#again) {
      this.#again = false;
      this.later(300);
    }
  }

  async #send(leaving) {
    const { desk, refusals } = this;
    const answer = await desk.post(desk.form.action, { keepalive: leaving, headers: { Accept: "application/json" } });
    if (answer.redirected || answer.status === 403) refusals.show([desk.words.signedOut]);
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    return answer.json();
  }

  #take(state, text, heading) {
    if (state.theirs !== undefined) this.conflict.show(state);
    else if (state.errors) {
      this.refusals.show(state.errors, state.back);
      this.desk.sayUnsaved();
    } else this.#keep(state, text, heading);
  }

  // text, heading: what was sent. Somebody may have gone on typing since then.
  #keep(state, text, heading) {
    const { desk, editor } = this;
    this.dirty = editor.text !== text || desk.heading.value !== heading;
    this.refusals.show(state.merged ? [state.merged] : []);
    desk.base.value = state.text;
    desk.headingBase.value = state.heading;
    if (desk.heading.value === heading && state.heading !== heading.trim()) desk.heading.value = state.heading;
    if (!this.dirty && state.text !== text) editor.set(state.text);
    desk.say(`${desk.words.saved} ${state.saved}`);
    this.kept(state);
    if (this.dirty) this.later();
  }
}
