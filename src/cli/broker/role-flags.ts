import type { Flag } from '../flags/flag.ts'

/** What credentials of a role are asked for with, by the commands that name the role as a word. */
export const roleFlags: readonly Flag[] = [
  {
    name: 'session-duration',
    kind: 'integer',
    value: 'SECONDS',
    what: "Life of the credentials; default the role's own",
  },
  { name: 'region', kind: 'text', value: 'REGION', what: "Region; default the role's own" },
  {
    name: 'no-cache',
    kind: 'switch',
    what: 'Neither take credentials from the cache nor put them there',
  },
]
