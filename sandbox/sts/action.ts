import type { SandboxRequest } from '../http/request.ts'
import type { IssuedRecord } from '../sessions/issued-record.ts'
import type { Seal } from '../sessions/seal.ts'
import type { Switches } from '../switches.ts'
import type { Directory } from '../world/directory.ts'
import type { Caller } from './caller.ts'
import type { XmlFields } from './xml.ts'

/** What every part of the sandbox works with. */
export interface Environment {
  readonly now: () => Date
  readonly directory: Directory
  readonly seal: Seal
  readonly issued: IssuedRecord
  readonly switches: Switches
}

export interface StsCall extends Environment {
  readonly request: SandboxRequest
  readonly values: ReadonlyMap<string, string>
}

/** A call whose signature has been verified. */
export interface SignedStsCall extends StsCall {
  readonly caller: Caller
  readonly region: string
}

/** One STS action: a file of its own, and a line in the endpoint's table. Refusals are thrown as StsError. */
export type StsAction =
  | {
      readonly name: string
      readonly signed: true
      readonly run: (call: SignedStsCall) => XmlFields | Promise<XmlFields>
    }
  | {
      readonly name: string
      readonly signed: false
      readonly run: (call: StsCall) => XmlFields | Promise<XmlFields>
    }
