import { load } from './child.ts'
import type { Job } from './load.ts'
import { ACCOUNT_PATH, AUTHORIZATION, type MeasuredHeddle, startHeddle } from './measured-heddle.ts'
import type { Measure } from './report.ts'
import { get } from './requests.ts'
import { steadiest } from './rounds.ts'
import { fillTexts } from './texts.ts'

const NUMBER = '+15550001000'
const FEW = 10_000
const MANY = 1_000_000
const ROUNDS = 3
const RUN = { connections: 1, count: 100, seconds: 10 }
/** So that ten thousand texts have a thousand pages. */
const PAGE_SIZE = 10
const FAR_PAGE = 1_000

const LISTS: Record<string, string> = {
  'newest page': '',
  'by To': `To=${encodeURIComponent(NUMBER)}&`,
  'by From': `From=${encodeURIComponent(NUMBER)}&`,
  'by date': `DateSent=2026-01-01&`,
}

/** Whether lists stay as fast when there is much to list: the same page among few texts and among many. */
export async function lists(): Promise<Measure[]> {
  const few = await startHeddle([{ number: NUMBER }])
  const many = await startHeddle([{ number: NUMBER }])
  try {
    await fillTexts(few.database, NUMBER, FEW)
    await fillTexts(many.database, NUMBER, MANY)
    const measures: Measure[] = []
    for (const [name, filter] of Object.entries(LISTS)) {
      const path = `${ACCOUNT_PATH}/Messages.json?${filter}PageSize=${PAGE_SIZE}`
      measures.push(...(await compare(name, { few: get(few.port, path), many: get(many.port, path) })))
    }
    const far = { few: get(few.port, await farPage(few)), many: get(many.port, await farPage(many)) }
    measures.push(...(await compare(`page ${FAR_PAGE.toLocaleString('en')}`, far)))
    return measures
  } finally {
    await few.stop()
    await many.stop()
  }
}

type Page = Pick<Job, 'port' | 'head' | 'bodies' | 'status'>

async function compare(name: string, pages: { few: Page; many: Page }): Promise<Measure[]> {
  const best = await steadiest(ROUNDS, {
    few: () => load({ ...pages.few, ...RUN }),
    many: () => load({ ...pages.many, ...RUN }),
  })
  return [
    { what: `${name}, ${MANY.toLocaleString('en')} texts stored: p50`, value: best.many.p50, unit: 'ms' },
    { what: `${name}: many stored / few stored`, value: best.many.p50 / best.few.p50, unit: '', bar: { atMost: 2 } },
  ]
}

/** The address of the page so far on, found as a client finds it. */
async function farPage({ port }: MeasuredHeddle): Promise<string> {
  let path: string | null = `${ACCOUNT_PATH}/Messages.json?PageSize=${PAGE_SIZE}`
  for (let page = 1; page < FAR_PAGE; page++) {
    const answer: Response = await fetch(`http://127.0.0.1:${port}${path}`, {
      headers: { authorization: AUTHORIZATION },
    })
    const body = (await answer.json()) as { next_page_uri: string | null }
    if (!body.next_page_uri) throw new Error(`There is no page after page ${page}.`)
    path = body.next_page_uri
  }
  return path
}
