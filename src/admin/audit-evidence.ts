import type { Config } from '../config/config.ts'
import { openAuditReader } from '../state/sqlite-audit-line-store.ts'
import type { AuditEvidence } from './audit-command.ts'

/** The trail of a configuration, opened to look only. Throws StateUnavailable. */
export function openEvidence(config: Config): AuditEvidence {
  const reader = openAuditReader(config.state)
  return {
    reader,
    key: config.audit.key.bytes(),
    close: () => {
      reader.close()
    },
  }
}
