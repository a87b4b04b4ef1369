/** Watches the bytes outside the heap, where bodies lie. */
export class WatchedBuffers {
  #first = 0
  #most = 0
  #timer: NodeJS.Timeout | undefined

  /** Starts anew, from what is held now. */
  start(): void {
    clearInterval(this.#timer)
    globalThis.gc?.()
    this.#first = this.#most = process.memoryUsage().external
    this.#timer = setInterval(() => {
      this.#look()
    }, 1)
  }

  /** Bytes that were held at most beyond those at the start. */
  stop(): number {
    clearInterval(this.#timer)
    this.#look()
    return this.#most - this.#first
  }

  #look(): void {
    this.#most = Math.max(this.#most, process.memoryUsage().external)
  }
}
