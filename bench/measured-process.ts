import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** What every child answers to `{ ask: 'usage' }`. */
export interface Usage {
  /** Microseconds of CPU so far, user and system. */
  readonly cpu: number
  /** Bytes after a collection. */
  readonly heap: number
  readonly rss: number
}

// Milliseconds. What is asked takes seconds; a benchmark that waits for ever says nothing.
const longestAnswer = 180_000
const longestEnd = 5_000

/** One of `children/`, in a process of its own, so that its CPU time is its own. */
export class MeasuredProcess implements AsyncDisposable {
  readonly #name: string
  readonly #child: ChildProcess
  readonly #gone: Promise<never>
  #port = 0

  private constructor(name: string, child: ChildProcess) {
    this.#name = name
    this.#child = child
    this.#gone = new Promise((_resolve, reject) => {
      child.once('exit', () => {
        reject(new Error(`${name} ended early`))
      })
    })
    this.#gone.catch(() => undefined)
  }

  /** Starts `children/<name>.ts`; its first message tells the port that it listens on, 0 for none. */
  static async start(
    name: string,
    env: NodeJS.ProcessEnv,
    ...argv: string[]
  ): Promise<MeasuredProcess> {
    const child = fork(join(import.meta.dirname, 'children', `${name}.ts`), argv, {
      env,
      execArgv: ['--expose-gc'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    const started = new MeasuredProcess(name, child)
    const { port } = await started.#next<{ port: number }>()
    started.#port = port
    return started
  }

  get url(): string {
    return `http://localhost:${this.#port}`
  }

  get port(): number {
    return this.#port
  }

  /** Sends a question and resolves to the next answer. */
  async ask<Answer>(question: Readonly<Record<string, unknown>>): Promise<Answer> {
    this.#child.send(question)
    return this.#next<Answer>()
  }

  usage(): Promise<Usage> {
    return this.ask({ ask: 'usage' })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const killed = setTimeout(() => this.#child.kill('SIGKILL'), longestEnd)
    this.#child.kill('SIGTERM')
    await once(this.#child, 'exit')
    clearTimeout(killed)
  }

  async #next<Answer>(): Promise<Answer> {
    const asked = new AbortController()
    const tooLate = setTimeout(() => {
      asked.abort(new Error(`${this.#name} did not answer within ${longestAnswer / 1000} s`))
    }, longestAnswer)
    try {
      const message: Promise<unknown[]> = once(this.#child, 'message', { signal: asked.signal })
      const [answer] = await Promise.race([message, this.#gone])
      return answer as Answer
    } catch (error) {
      throw asked.signal.aborted ? asked.signal.reason : error
    } finally {
      clearTimeout(tooLate)
      asked.abort()
    }
  }
}
