const roleOf = (row) => row.querySelector('[name="role"]').value
const consoleOf = (row) => row.querySelector('[name="console"][value="true"]')
const cliOf = (row) => row.querySelector('[name="console"][value="false"]')

/** The roles page: narrows the list as one types, and walks it with the arrow keys. */
export function finding() {
  const input = document.getElementById('find')
  const list = [...document.querySelectorAll('.role')]
  if (list.length === 0) return
  walking(list, input)
  if (!input) return
  const rows = list
    .filter((row) => row.closest('.ledger'))
    .map((row) => ({ row, text: textOf(row), role: roleOf(row) }))
  input.addEventListener('input', () => narrow(rows, input.value))
  input.form.addEventListener('submit', (event) => event.preventDefault())
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      input.value = ''
      narrow(rows, '')
    }
    if (event.key === 'Enter' && !event.isComposing) open(event)
  })
  narrow(rows, input.value)
  // With a mouse and a keyboard one can type at once; on a touch screen the keyboard would cover the list.
  if (window.matchMedia('(hover: hover) and (pointer: fine)').matches) {
    input.focus({ preventScroll: true })
  }
}

function narrow(rows, query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  for (const { row, text } of rows) {
    row.hidden = !words.every((word) => text.includes(word))
    row.removeAttribute('data-first')
  }
  for (const account of document.querySelectorAll('.account')) {
    account.hidden = !account.querySelector('.role:not([hidden])')
  }
  const shown = rows.filter(({ row }) => !row.hidden)
  if (words.length > 0) shown[0]?.row.setAttribute('data-first', '')
  document.body.classList.toggle('finding', words.length > 0)
  tell(shown)
  mark(shown, words)
}

/** Enter opens what it found; in a dangerous account it takes a second Enter. */
function open(event) {
  event.preventDefault()
  const first = document.querySelector('.role[data-first]')
  if (!first) return
  const button = event.shiftKey ? cliOf(first) : consoleOf(first)
  if (first.dataset.tone === 'danger') button.focus()
  else button.click()
}

const textOf = (row) =>
  `${row.closest('.account').querySelector('.account-head').textContent} ${row.dataset.account} ${row.querySelector('.role-words').textContent}`.toLowerCase()

function tell(shown) {
  const accounts = new Set(shown.map(({ row }) => row.dataset.account))
  const plural = (count, word) => `${count} ${word}${count === 1 ? '' : 's'}`
  document.getElementById('found').textContent =
    shown.length > 0
      ? `${plural(shown.length, 'role')} in ${plural(accounts.size, 'account')}`
      : 'No role matches'
  document.getElementById('nothing').hidden = shown.length > 0
}

function mark(shown, words) {
  if (!window.CSS?.highlights) return
  const ranges = []
  for (const { row } of shown.slice(0, 100)) {
    const places = [
      row.querySelector('.role-words'),
      row.closest('.account').querySelector('.account-name'),
    ]
    for (const place of places) ranges.push(...rangesIn(place, words))
  }
  window.CSS.highlights.set('found', new window.Highlight(...ranges))
}

function rangesIn(place, words) {
  const ranges = []
  const walker = document.createTreeWalker(place, window.NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const text = walker.currentNode.data.toLowerCase()
    for (const word of words) {
      const at = text.indexOf(word)
      if (at < 0 || at + word.length > walker.currentNode.length) continue
      const range = document.createRange()
      range.setStart(walker.currentNode, at)
      range.setEnd(walker.currentNode, at + word.length)
      ranges.push(range)
    }
  }
  return ranges
}

/** Up and down go from row to row and keep the column; left and right go within a row. */
function walking(rows, input) {
  document.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const row = event.target.closest('.role')
    if (event.target === input && step === 1) {
      event.preventDefault()
      const first = rows.find((each) => each.checkVisibility())
      if (first) consoleOf(first).focus()
      return
    }
    if (!row) return
    const stops = [...row.querySelectorAll('.go')]
    const column = Math.max(0, stops.indexOf(document.activeElement))
    const side = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (step) {
      event.preventDefault()
      const shown = rows.filter((each) => each.checkVisibility())
      const next = shown[shown.indexOf(row) + step]
      if (next) next.querySelectorAll('.go')[column].focus()
      else if (step === -1) input?.focus()
    } else if (side) {
      const next = stops[stops.indexOf(document.activeElement) + side]
      if (next) {
        event.preventDefault()
        next.focus()
      }
    }
  })
}
