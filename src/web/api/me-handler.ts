import type { MeAnswer } from '../../contract/answers.ts'
import type { ProvenExchange } from './api-exchange.ts'
import { oneLine } from './one-line.ts'

const mostGroups = 10_000

/** `GET /api/v1/me`: who one is to Postern, and how one proved it. */
export function showMe({ caller, response }: ProvenExchange): void {
  const { identity, by, endsAt } = caller
  const { person, name, displayName, email, method, methodLabel, groups } = identity
  const answer: MeAnswer = {
    name: oneLine(name, 256),
    ...(displayName !== undefined && { displayName: oneLine(displayName, 512) }),
    ...(email !== undefined && { email: oneLine(email, 512) }),
    people: oneLine(person.people, 256),
    method: { id: method, label: oneLine(methodLabel, 256) },
    by,
    groups: groups.slice(0, mostGroups).map((group) => oneLine(group, 2_048)),
    authenticatedAt: new Date(identity.authenticatedAt).toISOString(),
    ...(endsAt !== undefined && { tokenEndsAt: new Date(endsAt).toISOString() }),
  }
  response.json(answer)
}
