import type { ChildProcess } from 'node:child_process'
import type pg from 'pg'
import { startProgram } from './child.ts'
import type { EsmeJob } from './esme.ts'
import type { Result } from './load.ts'
import { ACCOUNT_ID, startHeddle } from './measured-heddle.ts'
import type { Measure } from './report.ts'
import { bestRates } from './rounds.ts'
import type { SmscJob } from './smsc.ts'

const NUMBER = '+15550001000'
const LINKS = 10
const WINDOW = 100
const COUNT = 20_000
const WARM_UP = 5_000
const ROUNDS = 3

/** How fast texts come in and go out over SMPP, against the same library without a store. */
export async function smpp(): Promise<Measure[]> {
  const bare = await startSmsc()
  const own = await startSmsc()
  const esme = startProgram('esme')
  await answerOf<number>(esme)
  const heddle = await startHeddle([{ number: NUMBER, carrier: 'op1' }], {
    carriers: [
      {
        name: 'op1',
        kind: 'smpp',
        url: `smpp://127.0.0.1:${own.port}`,
        systemId: 'bench',
        password: 'bench',
        binds: LINKS,
        window: WINDOW,
      },
    ],
  })
  const job: EsmeJob = { port: bare.port, links: LINKS }
  try {
    await ask(esme, job)
    await own.ask<number>({ links: LINKS })
    await own.ask<Result>({ deliver: WARM_UP, window: WINDOW })
    await drain(WARM_UP)
    const best = await bestRates(ROUNDS, {
      bareIn: () => bare.ask<Result>({ deliver: COUNT, window: WINDOW }),
      in: () => own.ask<Result>({ deliver: COUNT, window: WINDOW }),
      async bareOut() {
        bare.tell({ expect: COUNT })
        esme.send({ ...job, submit: { count: COUNT, window: WINDOW } })
        return answerOf<Result>(bare.child)
      },
      out: () => drain(COUNT),
    })
    return [
      { what: 'deliver_sm, the library alone', value: best.bareIn, unit: 'texts/s' },
      { what: 'deliver_sm, to commit and answer', value: best.in, unit: 'texts/s' },
      { what: 'deliver_sm / the library alone', value: best.in / best.bareIn, unit: '', bar: { atLeast: 0.33 } },
      { what: 'submit_sm, the library alone', value: best.bareOut, unit: 'texts/s' },
      { what: 'submit_sm, out of the queue', value: best.out, unit: 'texts/s' },
      { what: 'submit_sm / the library alone', value: best.out / best.bareOut, unit: '', bar: { atLeast: 0.33 } },
    ]
  } finally {
    esme.kill()
    await heddle.stop()
    bare.child.kill()
    own.child.kill()
  }

  async function drain(count: number): Promise<Result> {
    own.tell({ expect: count })
    const told = answerOf<Result>(own.child)
    await queueTexts(heddle.database, count)
    return told
  }
}

/** Queues texts as if a program had sent them, to as many persons as there are. */
async function queueTexts(database: pg.Client, count: number): Promise<void> {
  await database.query('begin')
  const { rows } = await database.query<{ clock: number }>(
    'select clock::integer from clocks where account_id = $1 for update',
    [ACCOUNT_ID],
  )
  const clock = rows[0]?.clock ?? 0
  await database.query(
    `insert into sms (account_id, id, direction, origin, person, number, status, body, segments, carrier,
       next_attempt_at, created_at, listed_at, updated_at, version, born)
     select $1, md5($4::text || n)::uuid, 'out', 'api', '+1555' || (7000000 + n % 10000), $2, 'queued', 'text ' || n, 1,
       (select id::text from carriers where account_id = $1), now(), now(), now(), now(), $4::bigint + n, $4::bigint + n
     from generate_series(1, $3::int) n`,
    [ACCOUNT_ID, NUMBER, count, clock],
  )
  await database.query('update clocks set clock = clock + $2 where account_id = $1', [ACCOUNT_ID, count])
  await database.query(
    `insert into lanes (account_id, lane, due_at) values ($1, $2, now())
     on conflict (account_id, lane) do update set due_at = excluded.due_at`,
    [ACCOUNT_ID, NUMBER],
  )
  await database.query('commit')
}

async function startSmsc() {
  const child = startProgram('smsc')
  const port = await answerOf<number>(child)
  return {
    child,
    port,
    tell: (job: SmscJob) => child.send(job),
    ask: <Answer>(job: SmscJob) => ask<Answer>(child, job),
  }
}

async function ask<Answer>(child: ChildProcess, job: object): Promise<Answer> {
  const answer = answerOf<Answer>(child)
  child.send(job)
  return answer
}

function answerOf<Answer>(child: ChildProcess): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const end = (code: number | null) => reject(new Error(`A program ended with ${code} before it answered.`))
    child.once('exit', end)
    child.once('message', message => {
      child.off('exit', end)
      resolve(message as Answer)
    })
  })
}
