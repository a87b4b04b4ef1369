import { parseArgs } from 'node:util'
import type { AuditLineReader } from '../audit/audit-line-store.ts'
import { exportedLine } from '../audit/exported-line.ts'
import { type ChainReport, type NotedHead, verifyChain } from '../audit/verify-chain.ts'
import { BrokerError } from '../errors.ts'
import type { AdminIo } from './admin-io.ts'

/** The trail that the configuration names, opened to look only. */
export interface AuditEvidence {
  readonly reader: AuditLineReader
  readonly key: Uint8Array
  readonly close: () => void
}

export interface AuditCommandDeps {
  /** Throws or rejects with a BrokerError when the trail can't be opened. */
  readonly openEvidence: () => AuditEvidence | Promise<AuditEvidence>
}

const usage = `Usage: postern-server audit verify [--config FILE] [--instance NAME] [--head SEQ:MAC]
       postern-server audit export [--config FILE] [--instance NAME]

verify  reads every line of the trail and names each that was changed, removed,
        moved or inserted. --head takes a head from the log, because only that
        shows whether the end was cut off. Exit code: 0 in order, 1 not.
export  prints the trail as JSON lines.

Without --config, POSTERN_CONFIG names the configuration.`

/** `postern-server audit ...`. Resolves to the exit code: 0 in order, 1 a fault was found, 2 wrong usage. */
export async function auditCommand(
  argv: readonly string[],
  io: AdminIo,
  deps: AuditCommandDeps,
): Promise<number> {
  const order = orderIn(argv)
  if (order === 'help') {
    io.stdout(usage)
    return 0
  }
  if (typeof order === 'string') {
    if (order !== 'nothing') io.stderr(order)
    io.stderr(usage)
    return 2
  }
  try {
    const evidence = await deps.openEvidence()
    try {
      const known = await evidence.reader.instances()
      const instances = order.instance === undefined ? known : [order.instance]
      return order.verb === 'export'
        ? await exportLines(instances, evidence, io)
        : await verify(instances, order.head, evidence, io)
    } finally {
      evidence.close()
    }
  } catch (error) {
    if (!(error instanceof BrokerError)) throw error
    io.stderr(error.message)
    if (error.detail !== undefined) io.stderr(error.detail)
    return 1
  }
}

interface Order {
  readonly verb: 'verify' | 'export'
  readonly instance: string | undefined
  readonly head: NotedHead | undefined
}

/** What is asked for, or what is wrong with it. */
function orderIn(argv: readonly string[]): Order | string {
  let parsed
  try {
    parsed = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        instance: { type: 'string' },
        head: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  const { values, positionals } = parsed
  if (values.help === true) return 'help'
  const [verb, ...rest] = positionals
  if (verb === undefined) return 'nothing'
  if (verb !== 'verify' && verb !== 'export') return `Unknown: audit ${positionals.join(' ')}`
  if (rest.length > 0) return `Too much: ${rest.join(' ')}`
  if (values.head === undefined) return { verb, instance: values.instance, head: undefined }
  if (verb === 'export') return '--head belongs to verify'
  const { seq, mac } = /^(?<seq>\d{1,15}):(?<mac>[0-9a-f]{64})$/.exec(values.head)?.groups ?? {}
  if (seq === undefined || mac === undefined) {
    return '--head takes a number, a colon and 64 hexadecimal digits, as the log has them'
  }
  return { verb, instance: values.instance, head: { seq: Number(seq), mac } }
}

async function exportLines(
  instances: readonly string[],
  { reader }: AuditEvidence,
  io: AdminIo,
): Promise<number> {
  for (const instance of instances) {
    for await (const line of reader.lines(instance)) io.stdout(exportedLine(line))
  }
  return 0
}

async function verify(
  instances: readonly string[],
  head: NotedHead | undefined,
  { reader, key }: AuditEvidence,
  io: AdminIo,
): Promise<number> {
  if (head && instances.length > 1) {
    io.stderr(`The trail has ${instances.length} chains; name the head’s with --instance.`)
    return 2
  }
  if (instances.length === 0) {
    if (head === undefined) {
      io.stdout('The trail has no line yet.')
      return 0
    }
    io.stderr(
      `The trail has no line, and the noted head is line ${head.seq}: everything was removed.`,
    )
    return 1
  }
  let broken = false
  for (const instance of instances) {
    const report = await verifyChain(reader, key, instance, head)
    tell(report, io)
    broken ||= report.faultCount > 0
  }
  return broken ? 1 : 0
}

function tell({ instance, count, head, faults, faultCount }: ChainReport, io: AdminIo): void {
  for (const { seq, what } of faults) {
    io.stderr(`${instance}: ${Number.isNaN(seq) ? 'a line' : `line ${seq}`} ${what}`)
  }
  if (faultCount > faults.length)
    io.stderr(`${instance}: ${faultCount - faults.length} more faults`)
  const state = faultCount === 0 ? 'in order' : 'NOT in order'
  const end = head ? `, head ${head.seq}:${head.mac}` : ''
  io.stdout(`${instance}: ${count} lines, ${state}${end}`)
}
