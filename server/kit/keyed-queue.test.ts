import { expect, test } from 'vitest'
import { openKeyedQueue } from './keyed-queue.ts'

/** Tasks that log their start and end only when told to end. */
function stage() {
  const log: string[] = []
  const ends = new Map<string, () => void>()
  return {
    log,
    task: (name: string) => () => {
      log.push(`start ${name}`)
      return new Promise<string>(resolve =>
        ends.set(name, () => {
          log.push(`end ${name}`)
          resolve(name)
        }),
      )
    },
    async end(name: string) {
      ends.get(name)!()
      await settled()
    },
  }
}

/** Lets everything that can go on without time passing go on. */
const settled = () => new Promise(resolve => setImmediate(resolve))

test('tasks of one key run one at a time in the order they were pushed', async () => {
  const queue = openKeyedQueue({ maxRunning: 10 })
  const { log, task, end } = stage()
  for (const name of ['1', '2', '3']) void queue.push('a', task(name))
  await settled()
  expect(log).toEqual(['start 1'])
  await end('1')
  await end('2')
  expect(log).toEqual(['start 1', 'end 1', 'start 2', 'end 2', 'start 3'])
})

test('tasks of different keys run side by side', async () => {
  const queue = openKeyedQueue({ maxRunning: 10 })
  const { log, task } = stage()
  void queue.push('a', task('a1'))
  void queue.push('b', task('b1'))
  await settled()
  expect(log).toEqual(['start a1', 'start b1'])
})

test('no more tasks run than the limit allows, and keys take turns', async () => {
  const queue = openKeyedQueue({ maxRunning: 1 })
  const { log, task, end } = stage()
  void queue.push('a', task('a1'))
  void queue.push('a', task('a2'))
  void queue.push('b', task('b1'))
  await end('a1')
  expect(log).toEqual(['start a1', 'end a1', 'start b1'])
  await end('b1')
  expect(log.at(-1)).toBe('start a2')
})

test('a push settles as its task does', async () => {
  const queue = openKeyedQueue({ maxRunning: 2 })
  await expect(queue.push('a', async () => 7)).resolves.toBe(7)
  await expect(queue.push('a', () => Promise.reject(new Error('refused')))).rejects.toThrow('refused')
})

test('a task that fails, even at once, does not hold up the next of its key', async () => {
  const queue = openKeyedQueue({ maxRunning: 2 })
  const thrown = queue.push('a', () => {
    throw new Error('at once')
  })
  const rejected = queue.push('a', () => Promise.reject(new Error('later')))
  const done = queue.push('a', async () => 'done')
  await expect(thrown).rejects.toThrow('at once')
  await expect(rejected).rejects.toThrow('later')
  await expect(done).resolves.toBe('done')
})

test('the size counts tasks that wait and tasks that run', async () => {
  const queue = openKeyedQueue({ maxRunning: 1 })
  const { task, end } = stage()
  void queue.push('a', task('a1'))
  void queue.push('a', task('a2'))
  void queue.push('b', task('b1'))
  expect(queue.size).toBe(3)
  await end('a1')
  expect(queue.size).toBe(2)
  await end('b1')
  await end('a2')
  expect(queue.size).toBe(0)
})

test('idle waits for every task, those pushed meanwhile too', async () => {
  const queue = openKeyedQueue({ maxRunning: 2 })
  const { log, task, end } = stage()
  void queue.push('a', task('1'))
  const idle = queue.idle().then(() => log.push('idle'))
  void queue.push('a', task('2'))
  await end('1')
  expect(log).not.toContain('idle')
  await end('2')
  await idle
  expect(log.at(-1)).toBe('idle')
})

test('a queue without tasks is idle at once', async () => {
  await expect(openKeyedQueue({ maxRunning: 1 }).idle()).resolves.toBeUndefined()
})

test('a hundred thousand tasks of one key keep their order', async () => {
  const queue = openKeyedQueue({ maxRunning: 4 })
  const seen: number[] = []
  for (let n = 0; n < 100_000; n += 1) void queue.push('a', async () => void seen.push(n))
  await queue.idle()
  expect(seen).toEqual(Array.from({ length: 100_000 }, (_, n) => n))
})
