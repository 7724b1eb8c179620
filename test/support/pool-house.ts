import type { SeedNumber, SeedPool } from '../../server/domain/seed.ts'
import { ACCOUNT_SID, type Answer, AUTH_TOKEN, openTestHouse, type TestHouse } from './test-house.ts'

/** A thread as our own API shows it. */
export interface ShownThread {
  id: string
  sid: string
  state: string
  room: string | null
  person: string
  number: string
  closedReason: string | null
}

export interface ShownMessage {
  id: string
  sid: string
  index: number
  direction: string
  body: string
  inReplyTo: { id: string; sid: string } | null
  late: boolean
}

/** A house whose account has pools. */
export interface PoolHouse extends TestHouse {
  /** Asks for a thread in a pool. */
  wish(pool: string, to: string, more?: Record<string, unknown>): Promise<Answer>
  /** Opens a thread in a pool; throws when it is refused. */
  open(pool: string, to: string, more?: Record<string, unknown>): Promise<ShownThread>
  closeThread(id: string): Promise<ShownThread>
  thread(id: string): Promise<ShownThread>
  messages(id: string): Promise<ShownMessage[]>
}

export async function openPoolHouse(
  pools: SeedPool[],
  numbers: SeedNumber[] = pools.flatMap(pool => (pool.numbers ?? []).map(number => ({ number }))),
): Promise<PoolHouse> {
  const house = await openTestHouse({
    accounts: [{ sid: ACCOUNT_SID, authToken: AUTH_TOKEN, name: 'Test', numbers, pools }],
  })
  const wish = (pool: string, to: string, more: Record<string, unknown> = {}) =>
    house.ask('POST', '/v1/threads', { pool, to, body: 'Question?', ...more })
  const must = (answer: Answer) => {
    if (answer.status >= 300) throw new Error(`Refused: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  return {
    ...house,
    get house() {
      return house.house
    },
    get url() {
      return house.url
    },
    wish,
    open: async (pool, to, more) => must(await wish(pool, to, more)),
    closeThread: async id => must(await house.ask('POST', `/v1/threads/${id}/close`)),
    thread: async id => must(await house.ask('GET', `/v1/threads/${id}`)),
    async messages(id) {
      await house.house.settled()
      return must(await house.ask('GET', `/v1/threads/${id}/messages`)).records
    },
  }
}

/** `count` numbers from +1555 and these digits on. */
export function numbersFrom(first: number, count: number): string[] {
  return Array.from({ length: count }, (_, at) => `+1${5_550_000_000 + first + at}`)
}
