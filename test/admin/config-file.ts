import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { stringify } from 'yaml'
import { auditKey } from '../config/configuration.ts'

/** Writes a configuration into a folder of its own, until the test is over; gives its path. */
export function configFile(content: object | string): string {
  const folder = mkdtempSync(join(tmpdir(), 'postern-admin-'))
  onTestFinished(() => {
    rmSync(folder, { recursive: true })
  })
  const path = join(folder, 'postern.yaml')
  writeFileSync(join(folder, 'audit.key'), auditKey)
  writeFileSync(path, typeof content === 'string' ? content : stringify(content))
  return path
}
