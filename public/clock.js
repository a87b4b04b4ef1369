// The server's clock as it was when it made this page, carried on: a wrong clock on this computer does no harm.
const rendered = Date.parse(document.querySelector('[data-now]')?.dataset.now ?? '')
const offset = Number.isNaN(rendered) ? 0 : rendered - Date.now()

/** Milliseconds since the epoch, by the server's clock. */
export const now = () => Date.now() + offset
