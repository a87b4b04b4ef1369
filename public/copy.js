import { say } from './say.js'

const timers = new WeakMap()

/** Each `[data-copy]` button copies what the element of that ID holds, shown or not. */
export function copying() {
  document.addEventListener('click', async (event) => {
    const button = event.target.closest('[data-copy]')
    if (!button) return
    const source = document.getElementById(button.dataset.copy)
    try {
      await navigator.clipboard.writeText(textOf(source))
      confirm(button, 'Copied', 'Copied')
    } catch {
      reveal(source)
      const words = 'The browser refused to copy. The text is selected: press Control C.'
      confirm(button, 'Press Ctrl C', words)
    }
  })
}

function textOf(source) {
  if ('value' in source) return source.value
  if (!source.matches('dl')) return source.textContent
  return [...source.children].map((row) => `${lineOf(row)}\n`).join('')
}

/** A row of a list of facts as `Name: value`, or with several values `Name: one, two`. */
function lineOf(row) {
  const value = row.querySelector('dd')
  const items = [...value.querySelectorAll('li')].map((item) => item.textContent)
  const text = items.length > 0 ? items.join(', ') : value.textContent
  return `${row.querySelector('dt').textContent}: ${text.replace(/\s+/g, ' ').trim()}`
}

/** Selects the text, so that the keys of the system copy it. */
function reveal(source) {
  for (let part = source; part; part = part.parentElement) {
    if (part.matches('details')) part.open = true
    part.hidden = false
  }
  if ('select' in source) source.select()
  else window.getSelection().selectAllChildren(source)
}

function confirm(button, word, words) {
  const label = button.querySelector('[data-copy-label]')
  const icon = button.querySelector('use')
  label.dataset.was ??= label.textContent
  label.textContent = word
  button.setAttribute('data-copied', '')
  icon?.setAttribute('href', '#i-check')
  say(words)
  window.clearTimeout(timers.get(button))
  const back = window.setTimeout(() => {
    label.textContent = label.dataset.was
    button.removeAttribute('data-copied')
    icon?.setAttribute('href', '#i-copy')
  }, 2500)
  timers.set(button, back)
}
