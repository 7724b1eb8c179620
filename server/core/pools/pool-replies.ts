import { uuidOfSid } from '../../domain/ids.ts'
import type { Thread } from '../../domain/thread.ts'
import type { NumberRoute } from '../../store/numbers.ts'
import { type LastHolder, loadLastHolders } from '../../store/pair-history.ts'
import { type LastQuestion, loadLastQuestions, loadRooms } from '../../store/pool-replies.ts'
import type { PoolRoute } from '../../store/pools.ts'
import type { Pair } from '../sessions/sessions.ts'
import type { Act } from '../step.ts'
import { pairKey } from '../threads/bindings.ts'
import type { LiveThread, ThreadBook } from '../threads/thread-book.ts'
import { isPoolThread } from './pool-thread.ts'

/**
 * What inbound texts need of pools: the closed threads that take late replies, the questions that are answered, and the
 * conversations that answers go on to. Costs nothing where no number of a pool was texted.
 */
export class PoolReplies {
  readonly #late = new Map<string, LiveThread>()
  readonly #questions: Map<string, LastQuestion>
  readonly #rooms: Map<string, LiveThread>
  readonly #pools: Map<string, PoolRoute>
  readonly #lastHolders: Map<string, LastHolder>

  private constructor(
    late: Map<string, LiveThread>,
    questions: Map<string, LastQuestion>,
    rooms: Map<string, LiveThread>,
    pools: Map<string, PoolRoute>,
    lastHolders: Map<string, LastHolder>,
  ) {
    this.#late = late
    this.#questions = questions
    this.#rooms = rooms
    this.#pools = pools
    this.#lastHolders = lastHolders
  }

  /** Loads what texts of the pairs may meet; the book has the holders of the pairs already. */
  static async load(
    step: Act,
    book: ThreadBook,
    pairs: Pair[],
    routes: ReadonlyMap<string, NumberRoute>,
  ): Promise<PoolReplies> {
    const pooled = pairs.filter(({ number }) => routes.get(number)?.poolId)
    const free = pooled.filter(pair => book.holderId(pair) === null)
    const lastHolders = await loadHolders(step, free)
    const late = await loadLate(step, book, lastHolders)
    const threads = book.all().filter(({ thread }) => isPoolThread(thread))
    const poolIds = threads.map(({ thread }) => thread.poolId ?? '')
    const pools = await step.poolRoutes([...poolIds, ...pooled.map(({ number }) => routes.get(number)?.poolId ?? '')])
    const [questions, rooms] = await Promise.all([loadQuestions(step, threads), loadRoomThreads(step, book, threads)])
    const byPair = new Map(lastHolders.map(row => [pairKey(row), row]))
    return new PoolReplies(late, questions, rooms, pools, byPair)
  }

  /** The thread that held a free pair last. */
  lastHolder(pair: Pair): LastHolder | undefined {
    return this.#lastHolders.get(pairKey(pair))
  }

  /** The closed thread that a text of a free pair belongs to. */
  lateThread(pair: Pair): LiveThread | undefined {
    return this.#late.get(pairKey(pair))
  }

  /** Notes that a thread closed in this act: what comes after it in the same batch is late. */
  closed(pair: Pair, live: LiveThread): void {
    const pool = live.thread.poolId ? this.#pools.get(live.thread.poolId) : undefined
    if (pool && pool.lateForMs > 0) this.#late.set(pairKey(pair), live)
  }

  questionOf(threadId: string): LastQuestion | undefined {
    return this.#questions.get(threadId)
  }

  /** The open conversation that the thread's room names. */
  roomOf({ thread }: LiveThread): LiveThread | undefined {
    return thread.room === null ? undefined : this.#rooms.get(thread.room)
  }

  pool(id: string | null): PoolRoute | undefined {
    return id === null ? undefined : this.#pools.get(id)
  }
}

async function loadHolders(step: Act, pairs: Pair[]): Promise<LastHolder[]> {
  if (pairs.length === 0) return []
  return step.load<LastHolder>(loadLastHolders, [step.accountId, JSON.stringify(pairs)])
}

async function loadLate(step: Act, book: ThreadBook, rows: LastHolder[]): Promise<Map<string, LiveThread>> {
  const open = rows.filter(({ freedAt, lateForMs }) => freedAt.getTime() + lateForMs > step.now.getTime())
  await book.loadMore(open.map(({ threadId }) => threadId))
  const late = new Map<string, LiveThread>()
  for (const row of open) {
    const live = book.find(row.threadId)
    if (live && takesLate(live.thread, row)) late.set(pairKey(row), live)
  }
  return late
}

/** Conversations that had a number of a pool leave no late replies. */
function takesLate(thread: Thread, { person, number }: LastHolder): boolean {
  const isItsPair = thread.person === person && thread.number === number
  return isPoolThread(thread) && isItsPair && thread.state === 'closed' && !thread.deletedAt
}

async function loadQuestions(step: Act, threads: LiveThread[]): Promise<Map<string, LastQuestion>> {
  if (threads.length === 0) return new Map()
  const ids = JSON.stringify(threads.map(({ thread }) => thread.id))
  const rows = await step.load<LastQuestion>(loadLastQuestions, [step.accountId, ids])
  return new Map(rows.map(row => [row.threadId, row]))
}

async function loadRoomThreads(step: Act, book: ThreadBook, threads: LiveThread[]): Promise<Map<string, LiveThread>> {
  const asked = new Map(
    threads.flatMap(({ thread: { room, serviceId } }) =>
      room === null ? [] : [[room, { room, id: uuidOfSid('CH', room), serviceId }] as const],
    ),
  )
  if (asked.size === 0) return new Map()
  const rows = await step.load<{ room: string; id: string }>(loadRooms, [
    step.accountId,
    JSON.stringify([...asked.values()]),
  ])
  await book.loadMore(rows.map(({ id }) => id))
  return new Map(
    rows.flatMap(({ room, id }) => {
      const live = book.find(id)
      return live ? [[room, live] as const] : []
    }),
  )
}
