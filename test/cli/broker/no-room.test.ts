import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ended } from '../cli-lab.ts'
import { brokerLab, saying } from './broker-lab.ts'

const whatToDo = "can't be written. Check who may write there, and that the disk has room."

test('a login asks nobody where it could not be kept', async () => {
  const lab = await brokerLab()
  lab.fillDisk()
  const { code, stderr } = await lab.run(['login', '--device'])
  expect([code, lab.broker.asked]).toEqual([1, []])
  expect(stderr).toContain(whatToDo)
  expect(stderr).not.toMatch(/\n +at /)
})

test('a login that can not be kept after all is ended again at the broker', async () => {
  const lab = await brokerLab()
  lab.broker.pending = 1
  const child = lab.start(['login', '--device'])
  const outcome = ended(child)
  await saying(child, /approve the code/)
  // Somebody else is quicker.
  lab.file('.config/postern/brokers.json/in-the-way', '')
  const { code, stderr } = await outcome
  expect([code, lab.broker.isEnded]).toEqual([1, true])
  expect(stderr).not.toMatch(/\n +at /)
})

test('a refresh token is not spent where the next one could not be kept', async () => {
  const lab = await brokerLab()
  lab.broker.accessLife = 0
  await lab.login()
  const before = readFileSync(lab.tokenFile, 'utf8')
  const { launcher } = lab
  lab.fillDisk()
  const { code, stderr } = await lab.run(['whoami'])
  expect([code, lab.broker.refreshes]).toEqual([1, 0])
  expect(stderr).toContain(whatToDo)
  expect(readFileSync(lab.tokenFile, 'utf8')).toBe(before)
  lab.launcher = launcher
  lab.broker.accessLife = 600
  expect((await lab.run(['whoami'])).code).toBe(0)
})

test('a logout that can not delete all ends the sign-in nevertheless, and says so', async () => {
  const lab = await brokerLab()
  await lab.login()
  lab.fillDisk()
  const { code, stdout, stderr } = await lab.run(['logout'])
  expect([code, lab.broker.isEnded]).toEqual([1, true])
  expect(stdout).toBe(`You are signed out at ${lab.broker.origin}.\n`)
  expect(stderr).toContain(`Not all is deleted here: ${lab.config} ${whatToDo}`)
  expect(() => readFileSync(lab.tokenFile)).toThrow('ENOENT')
})

test('a home that can not be read is named, without a trace', async () => {
  const lab = await brokerLab()
  // A file, and no folder.
  lab.env['XDG_CONFIG_HOME'] = '/dev/null'
  for (const command of [
    ['login', '--device'],
    ['whoami'],
    ['credential-process', '--role', 'x'],
  ]) {
    const { code, stderr } = await lab.run(command)
    expect([code, lab.broker.asked]).toEqual([1, []])
    expect(stderr).toContain("/dev/null/postern/brokers.json can't be read.")
    expect(stderr).not.toMatch(/\n +at /)
  }
})
