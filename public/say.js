const place = document.getElementById('said')

/** For screen readers: one polite line at a time. */
export function say(text) {
  if (!place) return
  place.textContent = ''
  window.setTimeout(() => {
    place.textContent = text
  }, 50)
}
