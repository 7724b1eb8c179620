import { load } from './child.ts'
import { BUSY_PHONE, conversationHex, fillConversations, fillMessages, MESSAGES_EACH } from './fill-conversations.ts'
import { AUTHORIZATION, type MeasuredHeddle, startHeddle } from './measured-heddle.ts'
import type { Measure } from './report.ts'
import { get } from './requests.ts'
import { steadiest } from './rounds.ts'

const SIZES = [10, 100_000, 1_000_000]
const FIRST = '10'
const ROUNDS = 3
/** One after another: what is claimed is the time of one. */
const RUN = { connections: 1, count: 100, seconds: 5 }
const NUMBERS = Array.from({ length: 50 }, (_, at) => `+155500${10_000 + at}`)
const LONG = 200_000
const BAR = { atMost: 2 }

const LISTS: Record<string, string> = {
  'list of conversations': `/Conversations?PageSize=${SIZES[0]}`,
  'list of inactive ones': `/Conversations?State=inactive&PageSize=3`,
  'ParticipantConversations by address': `/ParticipantConversations?Address=${encodeURIComponent(BUSY_PHONE)}`,
  'page of messages': `/Conversations/CH${conversationHex(7)}/Messages`,
}

/** Whether conversations stay as fast when there are many of them, and messages when a conversation is long. */
export async function conversations(): Promise<Measure[]> {
  const heddles = new Map<string, MeasuredHeddle>()
  try {
    for (const size of SIZES) {
      const heddle = await startHeddle(NUMBERS.map(number => ({ number })))
      heddles.set(spell(size), heddle)
      await fillConversations(heddle.database, size)
      await heddle.database.query('vacuum analyze')
      await heddle.database.query('checkpoint')
    }
    const measures = await compare(heddles, 'conversation with two participants', openings)
    for (const [what, path] of Object.entries(LISTS)) {
      measures.push(...(await compare(heddles, what, ({ port }) => get(port, `/conversations/v1${path}`))))
    }
    return [...measures, ...(await longConversation(heddles.get(FIRST)!))]
  } finally {
    await Promise.all([...heddles.values()].map(heddle => heddle.stop()))
  }
}

type Requests = Pick<Parameters<typeof load>[0], 'port' | 'head' | 'bodies' | 'status'>

async function compare(
  heddles: Map<string, MeasuredHeddle>,
  what: string,
  requests: (heddle: MeasuredHeddle) => Requests,
): Promise<Measure[]> {
  const best = await steadiest(
    ROUNDS,
    Object.fromEntries([...heddles].map(([size, heddle]) => [size, () => load({ ...requests(heddle), ...RUN })])),
  )
  const { p50 } = best[FIRST]!
  return Object.entries(best).flatMap(([size, result]) => [
    { what: `${what}, among ${size}: p50`, value: result.p50, unit: 'ms' },
    ...(size === FIRST ? [] : [{ what: `${what}, ${size} / ${FIRST}`, value: result.p50 / p50, unit: '', bar: BAR }]),
  ])
}

let opened = 0

/** Conversations of phones that have none. */
function openings({ port }: MeasuredHeddle): Requests {
  const head = headOf('POST', '/conversations/v1/ConversationWithParticipants')
  const bodies = Array.from({ length: RUN.count }, () => {
    const n = ++opened
    const binding = { address: `+1557${String(n).padStart(7, '0')}`, proxy_address: NUMBERS[n % NUMBERS.length] }
    const form = new URLSearchParams({ FriendlyName: `Conversation ${n}` })
    form.append('Participant', JSON.stringify({ messaging_binding: binding }))
    form.append('Participant', JSON.stringify({ identity: `user ${n % 5}` }))
    return form.toString()
  })
  return { port, head: `${head}Content-Type: application/x-www-form-urlencoded\r\n`, bodies, status: 201 }
}

/** The first page of a long conversation, and its last, as a client comes to it page by page. */
async function longConversation(heddle: MeasuredHeddle): Promise<Measure[]> {
  const short = `/conversations/v1/Conversations/CH${conversationHex(7)}/Messages?PageSize=${MESSAGES_EACH}`
  const path = `/conversations/v1/Conversations/CH${conversationHex(10)}/Messages?PageSize=${MESSAGES_EACH}`
  await heddle.database.query('delete from messages where thread_id = $1', [conversationHex(10)])
  await fillMessages(heddle.database, { first: 10, count: 1, each: LONG })
  await heddle.database.query('vacuum analyze messages')
  const best = await steadiest(ROUNDS, {
    short: () => load({ ...get(heddle.port, short), ...RUN }),
    first: () => load({ ...get(heddle.port, path), ...RUN }),
    latest: () => load({ ...get(heddle.port, `${path}&Order=desc`), ...RUN }),
    ...(await lastPages(heddle, path)),
  })
  return Object.entries(best).flatMap(([page, { p50 }]) => [
    { what: `${WORDS[page]}: p50`, value: p50, unit: 'ms' },
    ...(page === 'short' ? [] : [{ what: `${WORDS[page]} / short`, value: p50 / best.short.p50, unit: '', bar: BAR }]),
  ])
}

const OF_LONG = `of ${spell(LONG)} messages`
const WORDS: Record<string, string> = {
  short: `all ${MESSAGES_EACH} messages of a short conversation`,
  first: `first page ${OF_LONG}`,
  latest: `first page ${OF_LONG}, latest first`,
  last: `last page ${OF_LONG}`,
  oldest: `last page ${OF_LONG}, latest first`,
}

async function lastPages(heddle: MeasuredHeddle, path: string) {
  const last = await lastPage(heddle, path)
  const oldest = await lastPage(heddle, `${path}&Order=desc`)
  return {
    last: () => load({ ...get(heddle.port, last), ...RUN }),
    oldest: () => load({ ...get(heddle.port, oldest), ...RUN }),
  }
}

/** The last page, found as a client finds it; but by large pages, so that it is found soon. */
async function lastPage({ port }: MeasuredHeddle, path: string): Promise<string> {
  let url = `http://127.0.0.1:${port}${path.replace(/PageSize=\d+/, 'PageSize=100')}`
  for (;;) {
    const answer = await fetch(url, { headers: { authorization: AUTHORIZATION } })
    const { meta } = (await answer.json()) as { meta: { next_page_url: string | null } }
    if (!meta.next_page_url) break
    url = meta.next_page_url
  }
  const { pathname, search } = new URL(url)
  return `${pathname}${search}`.replace(/PageSize=\d+/, `PageSize=${MESSAGES_EACH}`)
}

function headOf(method: string, path: string): string {
  return `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: ${AUTHORIZATION}\r\n`
}

function spell(count: number): string {
  return count.toLocaleString('en')
}
