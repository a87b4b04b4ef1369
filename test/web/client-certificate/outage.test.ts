import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { certificateLab } from '../../support/certificates/certificate-lab.ts'

describe('without the database', () => {
  test('nobody gets in by certificate, and is told to come back', async () => {
    const lab = await certificateLab()
    const browser = lab.browser()
    const { location: there = '' } = await browser.get('/sign-in/card')
    const path = there.slice(lab.certificates.length)
    const { location: back = '' } = await lab.ask(path, 'alice')
    const other = lab.browser()
    const { location: second = '' } = await other.get('/sign-in/card')

    drop(lab.folder, 'sign_in_states')
    expect((await browser.get('/sign-in/card')).status).toBe(503)
    expect((await lab.ask(second.slice(lab.certificates.length), 'alice')).status).toBe(503)
    expect((await browser.get(back.slice(lab.main.length))).status).toBe(503)
    expect(lab.trail.map(({ type }) => type)).not.toContain('signed-in')
  })

  test.each(['attempts', 'audit_lines'])('without %s the API gives nothing', async (table) => {
    const lab = await certificateLab()
    expect((await lab.ask('/api/v1/me', 'machine')).status).toBe(200)
    drop(lab.folder, table)
    const answer = await lab.ask('/api/v1/roles', 'machine')
    expect([answer.status, answer.text.includes('ReadOnly')]).toEqual([503, false])
    expect(JSON.parse(answer.text)).toMatchObject({ error: 'temporarily_unavailable' })
  })
})

/** As a database that has lost a part: nothing of it can be read or written. */
function drop(folder: string, table: string): void {
  const database = new DatabaseSync(join(folder, 'postern.db'))
  database.exec(`DROP TABLE ${table}`)
  database.close()
}
