import { expect, test } from 'vitest'
import { BoundedQueue } from '../../src/identity/bounded-queue.ts'

test('runs two at once, lets one wait and turns the fourth away', async () => {
  const queue = new BoundedQueue({ running: 2, waiting: 1 })
  const gates = [0, 1, 2].map(() => Promise.withResolvers<undefined>())
  const started: number[] = []
  const runs = gates.map((gate, at) =>
    queue.run(async () => {
      started.push(at)
      await gate.promise
      return at
    }),
  )
  expect(started).toEqual([0, 1])
  expect(queue.run(() => Promise.resolve(3))).toBeUndefined()

  gates[0]?.resolve(undefined)
  await runs[0]
  await Promise.resolve()
  expect(started).toEqual([0, 1, 2])
  for (const gate of gates) gate.resolve(undefined)
  for (const [at, run] of runs.entries()) await expect(run).resolves.toBe(at)
})

test('never runs more than it may, even for a newcomer in the moment of a change', async () => {
  const queue = new BoundedQueue({ running: 1, waiting: 100 })
  let running = 0
  let most = 0
  const task = async () => {
    running += 1
    most = Math.max(most, running)
    await new Promise(setImmediate)
    running -= 1
  }
  const first = queue.run(task)
  const second = queue.run(task)
  const third = first?.then(() => queue.run(task))
  await Promise.all([first, second, third])
  expect(most).toBe(1)
})

test('gives its place on when a task fails', async () => {
  const queue = new BoundedQueue({ running: 1, waiting: 1 })
  const failing = queue.run(() => Promise.reject(new Error('broken')))
  const next = queue.run(() => Promise.resolve('next'))
  await expect(failing).rejects.toThrow('broken')
  await expect(next).resolves.toBe('next')
  await expect(queue.run(() => Promise.resolve('again'))).resolves.toBe('again')
})
