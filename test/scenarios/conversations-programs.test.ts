import fc from 'fast-check'
import { afterAll, beforeAll, describe, test } from 'vitest'
import {
  anyStep,
  PROGRAM_NUMBERS,
  type ProgramWorld,
  peacefulStep,
  runProgram,
} from '../support/conversation-programs.ts'
import { clientOf } from '../support/conversations-client.ts'
import { type HeddleProcess, newHeddleProcess } from '../support/heddle-process.ts'
import { phoneTexts, seeWhenQuiet } from '../support/house-witness.ts'
import { openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'
import { AUTHORIZATION } from '../support/texting-phones.ts'

const RUNS = process.env.HEDDLE_TEST_FULL ? { peaceful: 100, killed: 10 } : { peaceful: 20, killed: 2 }
const SEED = seedOf(PROGRAM_NUMBERS.map(number => ({ number })))

describe('any program of joining, leaving, texting, closing and waiting', () => {
  let house: TestHouse
  let run = 0

  beforeAll(async () => {
    house = await openTestHouse(SEED)
  })
  afterAll(() => house.close())

  test('binds no pair twice, tells everybody else exactly once, and counts upwards', async () => {
    const world: ProgramWorld = {
      client: () => clientOf(house),
      text: async (from, to, body, id) => void (await house.text(from, to, body, { id })),
      phone: house.phone,
      advance: house.advance,
      settled: () => house.house.settled(),
    }
    const program = fc.array(peacefulStep, { maxLength: 30 })
    await fc.assert(
      fc.asyncProperty(program, steps => runProgram(world, ++run, steps)),
      { numRuns: RUNS.peaceful },
    )
  }, 120_000)
})

describe('any such program whose server is killed again and again', () => {
  const SETTLED_WITHIN_MS = 60_000
  let heddle: HeddleProcess
  let run = 0

  beforeAll(async () => {
    heddle = await newHeddleProcess(SEED)
    await heddle.start()
  })
  afterAll(() => heddle?.remove())

  async function post(path: string, body: unknown, status: number): Promise<void> {
    const headers = { authorization: AUTHORIZATION, 'content-type': 'application/json' }
    const answer = await fetch(heddle.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
    if (answer.status !== status) throw new Error(`${path} was answered ${answer.status}: ${await answer.text()}`)
  }

  test('loses nothing either, and says of what it cannot know that it does not know', async () => {
    const world: ProgramWorld = {
      client: () => clientOf(heddle),
      text: (from, to, body, id) => post('/simulator/messages', { from, to, body, id }, 201),
      phone: number => phoneTexts(heddle.url, number),
      advance: duration => post('/simulator/clock', { advance: duration }, 200),
      settled: async () => void (await seeWhenQuiet(heddle.url, SETTLED_WITHIN_MS)),
      async crash(request, afterMs) {
        const ended = request().catch(() => {})
        await new Promise(resolve => setTimeout(resolve, afterMs))
        await heddle.end('SIGKILL')
        await ended
        await heddle.start()
      },
    }
    const program = fc.array(anyStep, { minLength: 10, maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(program, steps => runProgram(world, ++run, steps)),
      { numRuns: RUNS.killed, endOnFailure: true },
    )
  }, 300_000)
})
