import { say } from './say.js'

/** Too early a try would only lengthen the wait: the button of the form waits as long as the page says. */
export function waits() {
  for (const place of document.querySelectorAll('[data-wait]')) wait(place)
}

function wait(place) {
  const form = place.closest('section, main').querySelector('form')
  const button = form?.querySelector('button:not([type="button"])')
  const until = window.performance.now() + Number(place.dataset.wait) * 1000
  const seconds = () => Math.max(0, Math.ceil((until - window.performance.now()) / 1000))
  const tick = () => {
    const left = seconds()
    place.textContent = `${left} s`
    if (left > 0) {
      button?.setAttribute('aria-disabled', 'true')
      return
    }
    button?.removeAttribute('aria-disabled')
    say('You can try again.')
    window.clearInterval(timer)
  }
  const timer = window.setInterval(tick, 1000)
  tick()
  form?.addEventListener('submit', (event) => {
    if (seconds() > 0) event.preventDefault()
  })
}
