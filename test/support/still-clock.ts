const SystemDate = Date

/** A clock for the whole process that stands until it is moved. Timers still run. Dispose to have the real one back. */
export class StillClock implements Disposable {
  #now: number

  constructor(start: Date) {
    this.#now = start.getTime()
    const now = (): number => this.#now
    globalThis.Date = new Proxy(SystemDate, {
      construct: (target, args: unknown[]) =>
        Reflect.construct(target, args.length === 0 ? [now()] : args) as object,
      get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
    })
  }

  get now(): Date {
    return new SystemDate(this.#now)
  }

  pass(seconds: number): void {
    this.#now += seconds * 1000
  }

  [Symbol.dispose](): void {
    globalThis.Date = SystemDate
  }
}
