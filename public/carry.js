/** Sends the form of a page that only carries a message on; its button does it for browsers without scripts. */
export function carrying() {
  const form = document.querySelector('form[data-carry]')
  if (form instanceof HTMLFormElement) form.requestSubmit()
}
