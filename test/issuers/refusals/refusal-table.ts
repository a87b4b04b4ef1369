import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { failure } from '../../../src/entitlements/decision-facts.ts'
import { AwsRefused, BrokerError } from '../../../src/errors.ts'
import { errorModel } from '../../../src/web/pages/error-model.ts'
import type { Wire } from './wire.ts'

/** What came of an order that AWS refused, at first at least. */
export interface Outcome {
  readonly wire: Wire
  readonly error?: unknown
  /** What the results page says, where AWS gave something after all. */
  readonly notes?: readonly string[]
}

/** The outcome of an order, sent over that wire. */
export async function outcomeOf(
  wire: Wire,
  order: Promise<{ readonly notes: readonly string[] }>,
): Promise<Outcome> {
  try {
    return { wire, notes: (await order).notes }
  } catch (error) {
    return { wire, error }
  }
}

interface Row {
  /** Status, code and message, with … for what differs from case to case. */
  readonly aws: string
  readonly page: string
  readonly todo: string
}

const guide = readFileSync(new URL('../../../docs/refusals.md', import.meta.url), 'utf8')

/** The rows of a section of the guide, by their first cell. */
function rowsOf(section: string): ReadonlyMap<string, Row> {
  const [, text = ''] = guide.split(`\n## ${section}\n`)
  const [own = ''] = text.split('\n## ')
  const lines = own.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| -'))
  const cells = lines
    .slice(1)
    .map((line) => line.slice(1, -1).split(/(?<!\\)\|/))
    .map((all) => all.map((cell) => cell.trim().replaceAll('\\|', '|')))
  return new Map(
    cells.map(([what = '', aws = '', page = '', todo = '']) => [what, { aws, page, todo }]),
  )
}

/** AWS's words as the guide abridges them. */
function abridged(aws: string): RegExp {
  const text = aws.replace(/^`|`$/g, '')
  return new RegExp(`^${text.split('…').map(RegExp.escape).join('.+')}$`, 's')
}

/**
 * Provokes every row of a section of docs/refusals.md in the sandbox, and compares what AWS said, what the page says then,
 * and what the trail holds for the administrator.
 */
export function describeRefusals(
  section: string,
  provoked: Readonly<Record<string, () => Promise<Outcome>>>,
): void {
  const rows = rowsOf(section)

  describe(`${section}, refused`, () => {
    test('is told in the guide for every case, and for no other', () => {
      expect([...rows.keys()]).toEqual(Object.keys(provoked))
    })

    test.each(Object.entries(provoked))('%s', async (what, provoke) => {
      const row = rows.get(what)
      const { wire, error, notes } = await provoke()
      const said = wire.refusals[0] ?? 'nothing'
      const found = { aws: said, ...readBy(error, notes) }
      expect(found.aws).toMatch(abridged(row?.aws ?? ''))
      expect({ page: found.page, todo: found.todo }).toEqual({ page: row?.page, todo: row?.todo })
      if (error !== undefined) expectTrail(error, said)
    })
  })
}

/** What whoever asked reads on the page. */
function readBy(error: unknown, notes: readonly string[] = []): { page: string; todo: string } {
  if (error === undefined) return { page: notes.join(' '), todo: '' }
  if (!(error instanceof BrokerError)) throw new Error('no refusal', { cause: error })
  const page = errorModel(error, { now: new Date(), signedIn: true })
  return { page: page.message, todo: page.remedies.join(' ') }
}

/** What the administrator reads in the trail: AWS's own code and words, and the ID by which AWS finds the request. */
function expectTrail(error: unknown, said: string): void {
  const { code, detail = '', awsRequestId } = failure(error)
  const [, words = ''] = /^\d{3} (.*)$/s.exec(said) ?? []
  if (!(error instanceof AwsRefused)) {
    expect(code).toBe('temporarily_unavailable')
    const [name = ''] = words.split(':')
    expect(
      [name, `status ${said.slice(0, 3)}`].filter((part) => detail.includes(part)),
    ).not.toEqual([])
    return
  }
  const page = errorModel(error, { now: new Date(), signedIn: true })
  expect(code).toBe('aws_refused')
  expect(error.causes.length).toBeGreaterThan(0)
  if (words === 'a page in HTML') return
  expect(awsRequestId).toMatch(/^[0-9a-f-]{36}$/)
  expect(page.aws?.requestId).toBe(awsRequestId)
  const [name = '', ...message] = words.split(': ')
  // The SDK writes some codes with Exception behind them.
  expect(detail.replace('Exception:', ':')).toContain(
    `: ${name.replace(/Exception$/, '')}: ${message.join(': ')}`,
  )
  expect(page.aws?.message).toBe(message.join(': '))
}
