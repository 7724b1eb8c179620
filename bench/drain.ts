import { setTimeout as delay } from 'node:timers/promises'
import { answerOf, startSmsc } from './bare-smsc.ts'
import { eventually } from './eventually.ts'
import type { Result } from './load.ts'
import { ACCOUNT_PATH, AUTHORIZATION, type MeasuredHeddle, startHeddle } from './measured-heddle.ts'
import { residentMb } from './memory.ts'
import { queueTexts } from './queue-texts.ts'
import type { Measure } from './report.ts'

const BUSY = '+15550001000'
const IDLE = '+15550001001'
const LINKS = 10
const WINDOW = 100
const WARM_UP = 5_000
/** Fewer for a short trial: what is told then is less. */
const COUNT = Number(process.env.HEDDLE_BENCH_DRAIN ?? 1_000_000)
const PARTS = 10
const NEW_TEXT_EVERY_MS = 1000

/** How a long queue of one number drains over SMPP, and what a text on another number waits meanwhile. */
export async function drain(): Promise<Measure[]> {
  const smsc = await startSmsc()
  const carrier = {
    name: 'op1',
    kind: 'smpp',
    url: `smpp://127.0.0.1:${smsc.port}`,
    systemId: 'bench',
    password: 'bench',
  }
  const heddle = await startHeddle(
    [BUSY, IDLE].map(number => ({ number, carrier: 'op1' })),
    {
      carriers: [{ ...carrier, binds: LINKS, window: WINDOW }],
    },
  )
  try {
    await smsc.ask<number>({ links: LINKS })
    const warm = expect(WARM_UP)
    await queueTexts(heddle.database, { number: BUSY, count: WARM_UP })
    await warm
    const before = await residentMb(heddle.pid)
    await queueTexts(heddle.database, { number: BUSY, count: COUNT })
    const watch = watchIdleNumber(heddle)
    const rates: number[] = []
    let most = before
    for (let part = 0; part < PARTS; part++) {
      const { answers, seconds } = await expect(Math.floor(COUNT / PARTS) - 100)
      rates.push(answers / seconds)
      most = Math.max(most, await residentMb(heddle.pid))
    }
    const waits = await watch.stop()
    const [first = 0] = rates
    return [
      { what: `texts that waited`, value: COUNT, unit: '' },
      ...rates.map((value, at) => ({ what: `${at + 1}. tenth`, value, unit: 'texts/s' })),
      { what: 'last tenth / first tenth', value: (rates.at(-1) ?? 0) / first, unit: '', bar: { atLeast: 0.7 } },
      { what: 'new text on an idle number, median', value: median(waits), unit: 'ms' },
      { what: 'new text on an idle number, longest', value: Math.max(...waits), unit: 'ms', bar: { atMost: 1000 } },
      { what: 'memory before', value: before, unit: 'MB' },
      { what: 'memory, most', value: most, unit: 'MB', bar: { atMost: before + 300 } },
    ]
  } finally {
    await heddle.stop()
    smsc.child.kill()
  }

  function expect(count: number): Promise<Result> {
    smsc.tell({ expect: count })
    return answerOf<Result>(smsc.child)
  }
}

/** Sends one text after another from the idle number; how long each took from the request until it was sent. */
function watchIdleNumber(heddle: MeasuredHeddle): { stop(): Promise<number[]> } {
  const waits: number[] = []
  let isOver = false
  async function run(): Promise<void> {
    for (let at = 0; !isOver; at++) {
      const since = performance.now()
      const sid = await sendText(heddle, `+1555${8_000_000 + at}`)
      await eventually('a new text is sent', async () => (await statusOf(heddle, sid)) !== 'queued')
      waits.push(performance.now() - since)
      await delay(NEW_TEXT_EVERY_MS)
    }
  }
  const running = run()
  return {
    async stop() {
      isOver = true
      await running
      return waits
    },
  }
}

async function sendText({ port }: MeasuredHeddle, to: string): Promise<string> {
  const body = new URLSearchParams({ From: IDLE, To: to, Body: 'new' })
  const url = `http://127.0.0.1:${port}${ACCOUNT_PATH}/Messages.json`
  const answer = await fetch(url, { method: 'POST', headers: { authorization: AUTHORIZATION }, body })
  return ((await answer.json()) as { sid: string }).sid
}

/** `sending` counts as waiting: the carrier has it only when it was sent. */
async function statusOf({ port }: MeasuredHeddle, sid: string): Promise<string> {
  const url = `http://127.0.0.1:${port}${ACCOUNT_PATH}/Messages/${sid}.json`
  const answer = await fetch(url, { headers: { authorization: AUTHORIZATION } })
  const { status } = (await answer.json()) as { status: string }
  return status === 'sending' ? 'queued' : status
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
