import { answerOf, ask, startSmsc } from './bare-smsc.ts'
import { startProgram } from './child.ts'
import type { EsmeJob } from './esme.ts'
import type { Result } from './load.ts'
import { startHeddle } from './measured-heddle.ts'
import { queueTexts } from './queue-texts.ts'
import type { Measure } from './report.ts'
import { bestRates } from './rounds.ts'

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
    await queueTexts(heddle.database, { number: NUMBER, count })
    return told
  }
}
