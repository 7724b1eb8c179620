import { load, startServer } from './child.ts'
import { eventually } from './eventually.ts'
import { type MeasuredHeddle, startHeddle } from './measured-heddle.ts'
import type { Measure } from './report.ts'
import { textsTo } from './requests.ts'
import { PERSONS } from './texts.ts'

const NUMBER = '+15550001000'
const WARM_UP = { connections: 64, count: 2_000, seconds: 20 }
const ROUNDS = 3
const ANSWERED_WITHIN_SECONDS = 300
const BURST = { connections: 64, count: 5_000, seconds: 30 }
/** At most one text a person, so that each answer is told from the others by its phone. */
const PACED = { connections: 256, count: PERSONS, seconds: 5 }

/** From a text at a phone to the app's answer at that phone: the text is kept, the app called, its TwiML sent. */
export async function roundtrip(): Promise<Measure[]> {
  const app = await startServer('app')
  const heddle = await startHeddle([{ number: NUMBER, smsUrl: `http://127.0.0.1:${app.port}/reply` }])
  try {
    await answered(heddle, NUMBER, WARM_UP)
    const rates: number[] = []
    for (let round = 0; round < ROUNDS; round++) rates.push(await answered(heddle, NUMBER, BURST))
    const rate = Math.max(...rates)
    await answered(heddle, NUMBER, { ...PACED, perSecond: rate / 2 })
    const { p50, p99 } = await latencies(heddle)
    return [
      { what: 'round trips, as many as can be', value: rate, unit: '/s' },
      { what: 'offered at half of that: p50', value: p50, unit: 'ms' },
      { what: 'offered at half of that: p99', value: p99, unit: 'ms' },
    ]
  } finally {
    await app.stop()
    await heddle.stop()
  }
}

/** Texts per second from the first text to the last answer at its phone. */
export async function answered(
  { port, database }: MeasuredHeddle,
  number: string,
  pace: { connections: number; count: number; seconds: number; perSecond?: number },
): Promise<number> {
  await database.query('truncate simulator_texts')
  const startedAt = performance.now()
  const { answers } = await load({ ...textsTo(port, number), ...pace })
  await eventually(
    'every text is answered at its phone',
    async () => {
      const sql = `select count(*) from simulator_texts where direction = 'received'`
      return Number((await database.query(sql)).rows[0].count) >= answers
    },
    ANSWERED_WITHIN_SECONDS,
  )
  return (answers / (performance.now() - startedAt)) * 1000
}

/** What the phones show, in milliseconds of the network's clock. */
async function latencies({ database }: MeasuredHeddle): Promise<{ p50: number; p99: number }> {
  const { rows } = await database.query(
    `select percentile_disc(array[0.5, 0.99]) within group (order by extract(epoch from answer.at - text.at) * 1000) as ms
     from simulator_texts text
     join simulator_texts answer on answer.phone = text.phone and answer.direction = 'received'
     where text.direction = 'sent'`,
  )
  const [p50, p99] = rows[0].ms
  return { p50: Number(p50), p99: Number(p99) }
}
