// A text is copied where it is offered; without this, the link leads to a page with the text to copy by hand.
document.addEventListener("click", async (event) => {
  const offer = event.target.closest("[data-copy]");
  if (!offer || offer.dataset.busy || !navigator.clipboard) return;
  event.preventDefault();
  try {
    await navigator.clipboard.writeText(offer.dataset.copy);
  } catch {
    if (offer.href) location.assign(offer.href);
    return;
  }
  const label = [...offer.childNodes];
  offer.dataset.busy = "yes";
  offer.textContent = offer.dataset.copied;
  setTimeout(() => {
    offer.replaceChildren(...label);
    delete offer.dataset.busy;
  }, 2000);
});
