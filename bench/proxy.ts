import { load } from './child.ts'
import { fillProxy, numberOf, PROXY_HEX, personOf } from './fill-proxy.ts'
import { AUTHORIZATION, type MeasuredHeddle, startHeddle } from './measured-heddle.ts'
import type { Measure } from './report.ts'

const NUMBERS = 400
const FEW = 10
const MANY = 100_000
/** One after another: what is claimed is the time of one, not how many fit into a second. */
const ONE_BY_ONE = { connections: 1, count: 1_500, seconds: 10 }
const WARM_UP = { connections: 4, count: 300, seconds: 5 }

/** That a session is opened, and a text of one passed on, in the same time however many are open. */
export async function proxy(): Promise<Measure[]> {
  const few = await startHeddle([])
  const many = await startHeddle([])
  try {
    await fillProxy(few.database, { numbers: NUMBERS, sessions: FEW })
    await fillProxy(many.database, { numbers: NUMBERS, sessions: MANY })
    for (const { database } of [few, many]) await database.query('vacuum analyze')
    const opened = await compare(
      { few, many },
      { few: openings(0), many: openings(0), warmUpFew: openings(1), warmUpMany: openings(1) },
    )
    const relayed = await compare(
      { few, many },
      { few: texts(FEW), many: texts(MANY), warmUpFew: texts(FEW), warmUpMany: texts(MANY) },
    )
    return [...measures('open a session of two', opened), ...measures('pass a text on', relayed)]
  } finally {
    await Promise.all([few.stop(), many.stop()])
  }
}

interface Requests {
  head: string
  bodies: string[]
  status: number
}

type Name = 'few' | 'many' | 'warmUpFew' | 'warmUpMany'

/** The median time of one request at each, in milliseconds. */
async function compare(at: { few: MeasuredHeddle; many: MeasuredHeddle }, requests: Record<Name, Requests>) {
  await load({ port: at.few.port, ...requests.warmUpFew, ...WARM_UP })
  await load({ port: at.many.port, ...requests.warmUpMany, ...WARM_UP })
  const few = await load({ port: at.few.port, ...requests.few, ...ONE_BY_ONE })
  const many = await load({ port: at.many.port, ...requests.many, ...ONE_BY_ONE })
  for (const { failures, firstFailure } of [few, many]) {
    if (failures > 0) throw new Error(`${failures} requests failed, the first with ${firstFailure}`)
  }
  return { few: few.p50, many: many.p50 }
}

function measures(what: string, { few, many }: { few: number; many: number }): Measure[] {
  return [
    { what: `${what}, ${FEW} open sessions`, value: few, unit: 'ms' },
    { what: `${what}, ${MANY.toLocaleString('en')} open sessions`, value: many, unit: 'ms' },
    { what: `${what}, many to few`, value: many / few, unit: 'x', bar: { atMost: 2 } },
  ]
}

const HEAD = `Host: 127.0.0.1\r\nAuthorization: ${AUTHORIZATION}\r\n`

/** New sessions of persons who have none; a `round` has persons of its own. */
function openings(round: number): Requests {
  const bodies = Array.from({ length: 2_000 }, (_, at) => {
    const n = 2_000_000 + round * 1_000_000 + at
    const form = new URLSearchParams()
    for (const side of ['a', 'b'] as const)
      form.append('Participants', JSON.stringify({ Identifier: personOf(side, n) }))
    return form.toString()
  })
  const head = `POST /proxy/v1/Services/KS${PROXY_HEX}/Sessions HTTP/1.1\r\n${HEAD}`
  return { head: `${head}Content-Type: application/x-www-form-urlencoded\r\n`, bodies, status: 201 }
}

function texts(sessions: number): Requests {
  const bodies = Array.from({ length: 2_000 }, (_, at) => {
    const n = 1 + ((at * 37) % sessions)
    return JSON.stringify({ from: personOf('a', n), to: numberOf(1 + (n % NUMBERS)), body: `Text ${at}` })
  })
  return { head: `POST /simulator/messages HTTP/1.1\r\n${HEAD}Content-Type: application/json\r\n`, bodies, status: 201 }
}
