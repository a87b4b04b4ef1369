import type { Effects } from '../effects.ts'
import { Circuit, type CircuitOptions } from './circuit.ts'
import type { IssueOrder, Issuer } from './issuer.ts'

/** One circuit for each endpoint, whichever issuers use it. */
export class Circuits {
  readonly #effects: Pick<Effects, 'now'>
  readonly #options: CircuitOptions
  readonly #circuits = new Map<string, Circuit>()

  constructor(effects: Pick<Effects, 'now'>, options: CircuitOptions = {}) {
    this.#effects = effects
    this.#options = options
  }

  /** Endpoints that are left alone at the moment, each as a sentence for operators. */
  faults(): readonly string[] {
    return [...this.#circuits.values()].flatMap(({ fault }) => fault ?? [])
  }

  /** The issuer, left alone while the endpoint of an order gives no answers. `hostOf` names the endpoint. */
  guard(issuer: Issuer, hostOf: (order: IssueOrder) => string): Issuer {
    return {
      name: issuer.name,
      limits: () => issuer.limits(),
      issue: async (order) => this.#of(hostOf(order)).run(() => issuer.issue(order)),
    }
  }

  #of(host: string): Circuit {
    const known = this.#circuits.get(host)
    if (known) return known
    const made = new Circuit(host, this.#effects, this.#options)
    this.#circuits.set(host, made)
    return made
  }
}
