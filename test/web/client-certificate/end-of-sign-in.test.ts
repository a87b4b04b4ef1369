import { expect, test } from 'vitest'
import { certificateLab } from '../../support/certificates/certificate-lab.ts'
import { ownAuthority } from '../../support/certificates/own-authority.ts'

const minutes = (count: number): number => count * 60_000

test('a sign-in by certificate ends with the certificate, though it was used all along', async () => {
  let passed = 0
  const now = (): Date => new Date(Date.now() + passed)
  const authority = await ownAuthority()
  const lab = await certificateLab({
    method: (folder) => authority.trusted(folder),
    overrides: { effects: { now } },
  })
  const certificate = await authority.issue({ to: new Date(Date.now() + minutes(10)) })
  const browser = lab.browser()
  const { location: there = '' } = await browser.get('/sign-in/card')
  const back = await lab.ask(there.slice(lab.certificates.length), undefined, { certificate })
  await browser.get(String(back.location).slice(lab.main.length))

  passed = minutes(9)
  expect((await browser.get('/')).status).toBe(200)
  passed = minutes(10)
  expect(await browser.get('/')).toMatchObject({ status: 303, location: '/sign-in?ended=yes' })
})
