import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openThreadDoors } from '../../server/core/threads/thread-doors.ts'
import { BY_PROGRAM } from '../../server/core/threads/thread-events.ts'
import { sid, uuidOfSid } from '../../server/domain/ids.ts'
import { ACCOUNT_SID, openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'

const ACCOUNT_ID = uuidOfSid('AC', ACCOUNT_SID)!
/** Many times what a page, a batch or the planner's guess holds; in full, as many as a conversation lives to see. */
const MESSAGES = process.env.HEDDLE_TEST_FULL ? 200_000 : 50_000
const SAID_AT_ONCE = 5_000
const LARGEST_PAGE = 100
const PAGES_BACK = 100
/** Those whose index is a multiple of this were deleted. */
const DELETED_EVERY = 5_000

interface Page {
  meta: { next_page_url: string | null; previous_page_url: string | null }
  messages: { index: number; body: string }[]
}

describe(`a conversation of ${MESSAGES.toLocaleString('en')} messages`, () => {
  let house: TestHouse
  let path = ''

  beforeAll(async () => {
    house = await openTestHouse(seedOf([]))
    const { body } = await house.ask('POST', '/conversations/v1/Conversations', new URLSearchParams())
    path = `/conversations/v1/Conversations/${body.sid}/Messages`
    await fill(uuidOfSid('CH', body.sid)!)
  }, 240_000)
  afterAll(() => house.close())

  /** By the door behind the API: as many requests would take a quarter of an hour. */
  async function fill(threadId: string): Promise<void> {
    const { core } = house.house
    const { say } = openThreadDoors(core)
    const ref = { threadId, serviceId: ACCOUNT_ID, origin: 'api' as const, mediaIds: [], cause: BY_PROGRAM }
    for (let first = 0; first < MESSAGES; first += SAID_AT_ONCE) {
      const said = await Promise.all(
        Array.from({ length: SAID_AT_ONCE }, (_, at) => say(ACCOUNT_ID, { ...ref, body: `Message ${first + at}` })),
      )
      for (const { message } of said) {
        if (message.index % DELETED_EVERY === 0) await house.ask('DELETE', `${path}/${sid('IM', message.id)}`)
      }
    }
  }

  async function pageAt(url: string): Promise<Page> {
    const { pathname, search } = new URL(url, house.url)
    const { status, body } = await house.ask('GET', pathname + search)
    expect(status).toBe(200)
    return body
  }

  async function walk(url: string, follow: keyof Page['meta'], most = Number.POSITIVE_INFINITY): Promise<Page[]> {
    const pages: Page[] = []
    for (let next: string | null = url; next && pages.length < most; next = pages.at(-1)?.meta[follow] ?? null) {
      pages.push(await pageAt(next))
    }
    return pages
  }

  const kept = Array.from({ length: MESSAGES }, (_, index) => index).filter(index => index % DELETED_EVERY !== 0)
  const indexes = (pages: Page[]) => pages.flatMap(({ messages }) => messages.map(({ index }) => index))

  test('shows each of them once, page by page, the first ones first', async () => {
    const pages = await walk(`${path}?PageSize=${LARGEST_PAGE}`, 'next_page_url')
    expect(indexes(pages)).toEqual(kept)
  }, 120_000)

  test('shows each of them once with the latest first, and again on the way back', async () => {
    const pages = await walk(`${path}?PageSize=${LARGEST_PAGE}&Order=desc`, 'next_page_url')
    expect(indexes(pages)).toEqual(kept.toReversed())
    const back = await walk(pages.at(-1)?.meta.previous_page_url ?? '', 'previous_page_url', PAGES_BACK)
    expect(back.toReversed().map(each => indexes([each]))).toEqual(
      pages.slice(-PAGES_BACK - 1, -1).map(each => indexes([each])),
    )
  }, 120_000)

  test('goes on with the next index', async () => {
    const said = await house.ask('POST', path, new URLSearchParams({ Body: 'one more' }))
    expect([said.status, said.body.index]).toEqual([201, MESSAGES])
    const { body } = await house.ask('GET', `${path}?PageSize=1&Order=desc`)
    expect(body.messages[0]).toMatchObject({ index: MESSAGES, body: 'one more' })
  })
})
