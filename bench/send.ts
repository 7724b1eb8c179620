import { load, startServer } from './child.ts'
import { eventually } from './eventually.ts'
import type { Result } from './load.ts'
import { type MeasuredHeddle, startHeddle } from './measured-heddle.ts'
import type { Measure } from './report.ts'
import { textsFrom, textsTo } from './requests.ts'
import { bestRates } from './rounds.ts'

const NUMBER = '+15550001000'
const ROUNDS = 3
const RUN = { connections: 64, count: 10_000, seconds: 20 }
const WARM_UP = { connections: 64, count: 2_000, seconds: 20 }

/** How fast texts go out: to the answer after commit, and on until the phone has them and the text is `delivered`. */
export async function send(): Promise<Measure[]> {
  const heddle = await startHeddle([{ number: NUMBER }])
  const baseline = await startServer('baseline', { BENCH_DATABASE: JSON.stringify(heddle.connection) })
  try {
    await load({ ...textsTo(baseline.port, NUMBER), ...WARM_UP })
    await sendAndDeliver(heddle, WARM_UP)
    let taken = 0
    const best = await bestRates(ROUNDS, {
      baseline: () => load({ ...textsTo(baseline.port, NUMBER), ...RUN }),
      async delivered() {
        const { answered, delivered } = await sendAndDeliver(heddle, RUN)
        taken = Math.max(taken, answered.answers / answered.seconds)
        return delivered
      },
    })
    return [
      { what: 'baseline: one row a request', value: best.baseline, unit: 'texts/s' },
      { what: 'sent, until the answer', value: taken, unit: 'texts/s' },
      { what: 'sent, until all are delivered', value: best.delivered, unit: 'texts/s' },
      { what: 'until the answer / baseline', value: taken / best.baseline, unit: '' },
      { what: 'until delivered / baseline', value: best.delivered / best.baseline, unit: '', bar: { atLeast: 0.5 } },
    ]
  } finally {
    await baseline.stop()
    await heddle.stop()
  }
}

async function sendAndDeliver(
  { port, database }: MeasuredHeddle,
  pace: typeof RUN,
): Promise<{ answered: Result; delivered: Result }> {
  const startedAt = performance.now()
  const before = await countDelivered(database)
  const answered = await load({ ...textsFrom(port, NUMBER), ...pace })
  await eventually('every text is delivered', async () => (await countDelivered(database)) - before >= answered.answers)
  return { answered, delivered: { ...answered, seconds: (performance.now() - startedAt) / 1000 } }
}

async function countDelivered(database: MeasuredHeddle['database']): Promise<number> {
  const { rows } = await database.query(`select count(*) from sms where direction = 'out' and status = 'delivered'`)
  return Number(rows[0].count)
}
