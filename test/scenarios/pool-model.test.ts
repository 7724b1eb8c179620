import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type HeddleProcess, newHeddleProcess } from '../support/heddle-process.ts'
import { ModelHouse } from '../support/model-house.ts'
import { doubleHolders, faultOfReply, type HeldPair, modelCrashes, modelScripts } from '../support/pool-model.ts'
import { modelNumbers, PoolRun } from '../support/pool-run.ts'
import { seedOf } from '../support/test-house.ts'

const CLIENTS = 32
const STEPS = 16
const CRASHES = 2
const RUNS = Number(process.env.HEDDLE_MODEL_RUNS ?? (process.env.HEDDLE_TEST_FULL ? 10 : 2))
const SEED = Number(process.env.HEDDLE_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31))
/** Threads that each run must have seen opened, or it showed nothing. */
const LEAST_OPENED = 10

let heddle: HeddleProcess

beforeAll(async () => {
  heddle = await newHeddleProcess(seedOf(modelNumbers(RUNS).map(number => ({ number }))))
  await heddle.start()
})

afterAll(() => heddle?.remove())

test(`${CLIENTS} clients at once, through crashes: one holder a pair, each reply in its place, all or nothing, no leak`, {
  timeout: RUNS * 120_000,
}, async () => {
  console.log(`pool model: HEDDLE_TEST_SEED=${SEED}`)
  const house = new ModelHouse(heddle)
  let at = 0
  await fc.assert(
    fc.asyncProperty(modelScripts(CLIENTS, STEPS), modelCrashes(CRASHES, CLIENTS * STEPS), async (scripts, crashes) => {
      const run = new PoolRun(house, at++)
      await run.begin()
      await run.play(scripts, crashes)
      expect(await run.judge()).toEqual([])
      expect(await run.leaks()).toEqual([])
      expect(run.opened.length).toBeGreaterThan(LEAST_OPENED)
    }),
    { seed: SEED, numRuns: RUNS, endOnFailure: true },
  )
})

describe('the judge of the model', () => {
  const held: HeldPair[] = [
    { id: 'a', person: 'p', number: 'n', from: 10, until: 20 },
    { id: 'b', person: 'p', number: 'n', from: 30, until: Number.POSITIVE_INFINITY },
  ]
  const reply = (after: number, before: number) => ({ person: 'p', number: 'n', body: 'text', after, before })

  test('sees two holders', () => {
    expect(doubleHolders(held)).toEqual([])
    expect(doubleHolders([...held, { id: 'c', person: 'p', number: 'n', from: 19, until: 25 }])).toHaveLength(1)
  })

  test.each([
    ['in the thread that held the pair', reply(12, 13), [{ thread: 'a', late: false }], true],
    ['in none while one held it', reply(12, 13), [], false],
    ['in none while none held it', reply(24, 25), [], true],
    ['in another than the holder', reply(40, 41), [{ thread: 'a', late: false }], false],
    ['late in time', reply(24, 25), [{ thread: 'a', late: true }], true],
    ['late while the thread was open', reply(12, 13), [{ thread: 'a', late: true }], false],
    ['late while another held the pair', reply(40, 41), [{ thread: 'a', late: true }], false],
    ['later than late', reply(28, 29), [{ thread: 'a', late: true }], false],
    [
      'in two threads',
      reply(12, 13),
      [
        { thread: 'a', late: false },
        { thread: 'b', late: false },
      ],
      false,
    ],
  ])('sees a reply %s', (_, sent, found, isWell) => {
    expect(faultOfReply(sent, found, held, 6) === null).toBe(isWell)
  })
})
