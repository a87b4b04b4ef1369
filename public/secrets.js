import { say } from './say.js'

/** Shows and hides the secrets in place; without this module the same link asks the server. */
export function secrets() {
  const link = document.getElementById('secrets')
  if (!link) return
  const turn = (shown) => {
    for (const part of document.querySelectorAll('[data-plain]')) part.hidden = !shown
    for (const part of document.querySelectorAll('[data-masked]')) part.hidden = shown
    link.textContent = shown ? 'Hide secrets' : 'Show secrets'
    link.href = shown ? link.dataset.hide : link.dataset.show
    remember(link.closest('form'), shown)
  }
  const shown = () => link.textContent === 'Hide secrets'
  link.setAttribute('role', 'button')
  link.addEventListener('click', (event) => {
    event.preventDefault()
    turn(!shown())
    say(shown() ? 'Secrets shown' : 'Secrets hidden')
  })
  link.addEventListener('keydown', (event) => {
    if (event.key !== ' ') return
    event.preventDefault()
    link.click()
  })
  // Left open in another tab, or kept by the browser for its Back button, the page hides them again.
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) turn(false)
  })
  window.addEventListener('pagehide', () => turn(false))
}

/** The form that changes region and profile keeps them shown only as long as they are. */
function remember(form, shown) {
  form.querySelector('input[name="show"]')?.remove()
  if (!shown) return
  const field = document.createElement('input')
  field.type = 'hidden'
  field.name = 'show'
  field.value = 'secrets'
  form.append(field)
}
