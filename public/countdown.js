import { now } from './clock.js'
import { say } from './say.js'

const soon = 10 * 60
const left = (until) => Math.max(0, Math.ceil((Date.parse(until) - now()) / 1000))
const two = (number) => String(number).padStart(2, '0')

/** Counts down what the page says to last, and takes away what has ended. */
export function countdowns() {
  const times = [...document.querySelectorAll('[data-countdown]')]
  const bar = document.querySelector('progress[data-until]')
  const ending = new Set(document.querySelectorAll('[data-then]'))
  if (times.length === 0) return
  const title = document.title
  const tick = () => {
    for (const time of times) time.textContent = clockText(left(time.dateTime))
    if (bar) drain(bar, left(bar.dataset.until), title)
    for (const part of ending) {
      if (left(part.dataset.until) > 0) continue
      ending.delete(part)
      end(part)
    }
  }
  tick()
  window.setInterval(tick, 1000)
}

function clockText(seconds) {
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor((seconds % 3600) / 60)
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(seconds % 60)}`
    : `${minutes}:${two(seconds % 60)}`
}

/** The life of the credentials: a bar, the tab's title when little is left, a word for screen readers. */
function drain(bar, seconds, title) {
  bar.value = seconds
  bar.parentElement.toggleAttribute('data-soon', seconds < soon)
  if (seconds === 0) document.title = `Ended · ${title}`
  else if (seconds < soon) document.title = `${Math.ceil(seconds / 60)} min · ${title}`
  if (seconds === soon || seconds === 60) say(`These credentials end in ${seconds / 60} min.`)
}

/** What has ended leaves the page, secrets and all; what stands in for it takes its place. */
function end(part) {
  const instead = document.getElementById(part.dataset.then)
  const hadFocus = part.contains(document.activeElement)
  part.remove()
  instead.hidden = false
  if (hadFocus) instead.querySelector('button')?.focus()
  say(instead.querySelector('p')?.textContent ?? instead.textContent)
}
