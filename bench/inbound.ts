import { load, startServer } from './child.ts'
import { startHeddle } from './measured-heddle.ts'
import type { Measure } from './report.ts'
import { textsTo } from './requests.ts'
import { bestRates, steadiest } from './rounds.ts'
import { fillTexts } from './texts.ts'

const FEW = 10_000
const MANY = 1_000_000
const ROUNDS = 3
const RUN = { connections: 64, count: 30_000, seconds: 6 }
const WARM_UP = { connections: 64, count: 5_000, seconds: 10 }
const OPEN = { connections: 256, count: 30_000, seconds: 4 }
const PLAIN = '+15550001000'
const WITH_APP = '+15550001001'

/** How fast texts come in, from `POST /simulator/messages` to the answer after commit. */
export async function inbound(): Promise<Measure[]> {
  const app = await startServer('app')
  const numbers = [{ number: PLAIN }, { number: WITH_APP, smsUrl: `http://127.0.0.1:${app.port}/silent` }]
  const few = await startHeddle(numbers)
  const many = await startHeddle(numbers)
  await fillTexts(few.database, PLAIN, FEW)
  await fillTexts(many.database, PLAIN, MANY)
  const baseline = await startServer('baseline', { BENCH_DATABASE: JSON.stringify(few.connection) })
  try {
    const run = {
      baseline: () => load({ ...textsTo(baseline.port, PLAIN), ...RUN }),
      few: () => load({ ...textsTo(few.port, PLAIN), ...RUN }),
      many: () => load({ ...textsTo(many.port, PLAIN), ...RUN }),
      withApp: () => load({ ...textsTo(few.port, WITH_APP), ...RUN }),
    }
    for (const { port } of [baseline, few, many]) await load({ ...textsTo(port, PLAIN), ...WARM_UP })
    const best = await bestRates(ROUNDS, run)
    const perSecond = best.few / 2
    const paced = await steadiest(ROUNDS, {
      select: () => load({ ...textsTo(baseline.port, PLAIN, '/select-1'), ...OPEN, perSecond }),
      inbound: () => load({ ...textsTo(few.port, PLAIN), ...OPEN, perSecond }),
    })
    return [
      { what: 'baseline: one row a request', value: best.baseline, unit: 'texts/s' },
      { what: `inbound, ${FEW.toLocaleString('en')} texts stored`, value: best.few, unit: 'texts/s' },
      { what: `inbound, ${MANY.toLocaleString('en')} texts stored`, value: best.many, unit: 'texts/s' },
      { what: 'inbound to a number with an app', value: best.withApp, unit: 'texts/s' },
      { what: 'inbound / baseline', value: best.few / best.baseline, unit: '', bar: { atLeast: 0.6 } },
      { what: 'many stored / few stored', value: best.many / best.few, unit: '', bar: { atLeast: 0.9 } },
      { what: 'offered at half the rate: p50', value: paced.inbound.p50, unit: 'ms' },
      { what: 'offered at half the rate: p99', value: paced.inbound.p99, unit: 'ms' },
      { what: '`select 1` at that rate: p99', value: paced.select.p99, unit: 'ms' },
      { what: 'p99 / p99 of `select 1`', value: paced.inbound.p99 / paced.select.p99, unit: '', bar: { atMost: 3 } },
    ]
  } finally {
    await Promise.all([baseline.stop(), app.stop()])
    await Promise.all([few.stop(), many.stop()])
  }
}
