const patience = 20_000

/** A form that issues something is sent once, however often its button is pressed. */
export function once() {
  document.addEventListener('submit', (event) => {
    const form = event.target
    if (event.defaultPrevented || form.method !== 'post') return
    if (form.getAttribute('aria-busy') === 'true') {
      event.preventDefault()
      return
    }
    form.setAttribute('aria-busy', 'true')
    window.setTimeout(() => form.removeAttribute('aria-busy'), patience)
  })
  window.addEventListener('pageshow', () => {
    for (const form of document.querySelectorAll('form[aria-busy]'))
      form.removeAttribute('aria-busy')
  })
}
