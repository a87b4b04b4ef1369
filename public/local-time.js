import { now } from './clock.js'

const { hour12, timeZone } = new Intl.DateTimeFormat(undefined, {
  hour: 'numeric',
}).resolvedOptions()
const clock = { hour: hour12 ? 'numeric' : '2-digit', minute: '2-digit' }

/** The server writes UTC and says so; here each time becomes the reader's own. */
export function localTimes() {
  const today = new Date(now()).toDateString()
  for (const element of document.querySelectorAll('time[data-local]')) {
    const time = new Date(element.dateTime)
    const day = time.toDateString() === today ? {} : { day: 'numeric', month: 'short' }
    element.textContent = time.toLocaleString(undefined, { ...day, ...clock })
    element.title = `${time.toLocaleString(undefined, { dateStyle: 'full', timeStyle: 'medium' })} (${timeZone})`
  }
}
