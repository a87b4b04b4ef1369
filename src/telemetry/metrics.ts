import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

/** Distinct values that one label may take; whatever comes after is counted as `other`, so that no visitor can make series. */
const mostValues = 64

/** Methods that Postern knows, and browsers send; each further one would be a series for each route. */
const httpMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'OPTIONS'])

/**
 * What the broker counts, for Prometheus. Labels hold names from the configuration and words of ours, never a person, a
 * role or anything that a request brought along.
 */
export class Metrics {
  readonly #registry = new Registry()
  readonly #seen = new Map<string, Set<string>>()
  readonly #signIns = this.#counter('sign_ins_total', 'Sign-ins', ['method', 'outcome'])
  readonly #samlRefusals = this.#counter('saml_refusals_total', 'SAML messages refused', [
    'method',
    'code',
  ])
  readonly #ticketRefusals = this.#counter('ticket_refusals_total', 'Kerberos tickets refused', [
    'method',
    'code',
  ])
  readonly #certificateRefusals = this.#counter(
    'certificate_refusals_total',
    'Client certificates refused',
    ['method', 'code'],
  )
  readonly #roleSessions = this.#counter('role_sessions_total', 'Role sessions', [
    'issuer',
    'outcome',
  ])
  readonly #consoleUrls = this.#counter('console_urls_total', 'Console sign-in URLs', ['outcome'])
  readonly #stateFailures = this.#counter(
    'state_write_failures_total',
    'Writes that the database refused',
    [],
  )
  readonly #awsCalls = this.#histogram(
    'aws_call_duration_seconds',
    'Calls to AWS',
    ['operation', 'outcome'],
    [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  )
  readonly #requests = this.#histogram(
    'http_request_duration_seconds',
    'Requests to Postern, by route pattern',
    ['route', 'method', 'status'],
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  )
  readonly #auditHead = new Gauge({
    name: 'postern_audit_head',
    help: 'Number of the last line of this instance’s audit chain',
    registers: [this.#registry],
  })

  constructor() {
    // The delay of the event loop, memory, open files, garbage collection.
    collectDefaultMetrics({ register: this.#registry })
  }

  signIn(method: string, outcome: 'signed-in' | 'refused' | 'limited'): void {
    this.#signIns.inc({ method: this.#known('method', method), outcome })
  }

  samlRefused(method: string, code: string): void {
    this.#samlRefusals.inc({ method: this.#known('method', method), code })
  }

  ticketRefused(method: string, code: string): void {
    this.#ticketRefusals.inc({ method: this.#known('method', method), code })
  }

  certificateRefused(method: string, code: string): void {
    this.#certificateRefusals.inc({ method: this.#known('method', method), code })
  }

  /** When revocation lists end, read anew for each answer; 0 for a list that could not be had. */
  revocationLists(
    read: () => readonly {
      readonly method: string
      readonly name: string
      /** Milliseconds since the epoch. */
      readonly nextUpdate: number | undefined
    }[],
  ): void {
    const gauge = new Gauge<'method' | 'list'>({
      name: 'postern_revocation_list_next_update_timestamp_seconds',
      help: 'When each revocation list goes stale, in seconds since the epoch; 0 where there is none',
      labelNames: ['method', 'list'],
      registers: [this.#registry],
      collect() {
        gauge.reset()
        for (const { method, name, nextUpdate = 0 } of read()) {
          gauge.set({ method, list: name }, nextUpdate / 1000)
        }
      },
    })
  }

  /** When certificates end, read anew for each answer. Nothing of them but their uses and fingerprints is told. */
  samlCertificates(
    read: () => readonly {
      readonly method: string
      readonly use: string
      readonly fingerprint: string
      /** Milliseconds since the epoch. */
      readonly notAfter: number
    }[],
  ): void {
    const gauge = new Gauge<'method' | 'use' | 'fingerprint'>({
      name: 'postern_saml_certificate_not_after_timestamp_seconds',
      help: 'End of each certificate that SAML sign-in depends on, in seconds since the epoch',
      labelNames: ['method', 'use', 'fingerprint'],
      registers: [this.#registry],
      collect() {
        // A certificate that was replaced leaves no series behind.
        gauge.reset()
        for (const { notAfter, ...labels } of read()) gauge.set(labels, notAfter / 1000)
      },
    })
  }

  /** What was last heard of each directory, read anew for each answer; those that nothing was heard of are left out. */
  directories(
    read: () => readonly {
      readonly method: string
      readonly works: boolean
      /** Milliseconds since the epoch; undefined for never. */
      readonly lastAnswer: number | undefined
    }[],
  ): void {
    const registers = [this.#registry]
    const labelNames = ['method'] as const
    const works = new Gauge({
      name: 'postern_directory_works',
      help: 'Whether each directory could be used when it was last asked: 1 or 0',
      labelNames,
      registers,
      collect() {
        for (const { method, ...news } of read()) works.set({ method }, news.works ? 1 : 0)
      },
    })
    const last = new Gauge({
      name: 'postern_directory_last_answer_timestamp_seconds',
      help: 'When each directory last did its work, in seconds since the epoch',
      labelNames,
      registers,
      collect() {
        for (const { method, lastAnswer } of read()) {
          if (lastAnswer !== undefined) last.set({ method }, lastAnswer / 1000)
        }
      },
    })
  }

  /** `refused` by us, `failed` at AWS. */
  roleSession(issuer: string, outcome: 'issued' | 'refused' | 'failed'): void {
    this.#roleSessions.inc({ issuer: this.#known('issuer', issuer), outcome })
  }

  consoleUrl(outcome: 'issued' | 'failed'): void {
    this.#consoleUrls.inc({ outcome })
  }

  /** `outcome` is `ok` or a word for what went wrong: `throttled`, `denied`, `unavailable`. */
  awsCall(operation: string, outcome: string, seconds: number): void {
    const labels = {
      operation: this.#known('operation', operation),
      outcome: this.#known('aws', outcome),
    }
    this.#awsCalls.observe(labels, seconds)
  }

  /** `route` is the pattern (`/role-sessions/:id`), never the path; `status` the HTTP status. */
  request(route: string, method: string, status: number, seconds: number): void {
    const labels = {
      route: this.#known('route', route),
      method: httpMethods.has(method) ? method : 'other',
      status: `${Math.trunc(status / 100)}xx`,
    }
    this.#requests.observe(labels, seconds)
  }

  auditHead(seq: number): void {
    this.#auditHead.set(seq)
  }

  stateWriteFailed(): void {
    this.#stateFailures.inc()
  }

  /** The Content-Type of `text`. */
  get contentType(): string {
    return this.#registry.contentType
  }

  /** Everything in Prometheus's text format. */
  text(): Promise<string> {
    return this.#registry.metrics()
  }

  #known(label: string, value: string): string {
    const seen = this.#seen.get(label) ?? new Set<string>()
    this.#seen.set(label, seen)
    if (seen.size < mostValues) seen.add(value)
    return seen.has(value) ? value : 'other'
  }

  #counter<L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> {
    return new Counter({ name: `postern_${name}`, help, labelNames, registers: [this.#registry] })
  }

  #histogram<L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[],
    buckets: number[],
  ): Histogram<L> {
    const registers = [this.#registry]
    return new Histogram({ name: `postern_${name}`, help, labelNames, buckets, registers })
  }
}
