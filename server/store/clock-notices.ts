import pg from 'pg'
import type { Queryable } from '../kit/queryable.ts'
import type { Database } from './db.ts'

const CHANNEL = 'heddle_clocks'

/** An account and what its clock was moved to. */
export type ClockNotice = [accountId: string, clock: number]

/** Tells the other nodes of one database that accounts have changed. */
export async function sendClockNotices(db: Queryable, notices: ClockNotice[]): Promise<void> {
  await db.query('select pg_notify($1, $2)', [CHANNEL, JSON.stringify(notices)])
}

/** Whether another node than this lives; `now` is machine time. */
export async function hasOtherNodes(db: Queryable, node: string, now: Date): Promise<boolean> {
  const rows = await db.query('select from nodes n where n.id <> $1 and n.leased_until > $2 limit 1', [node, now])
  return rows.length > 0
}

export interface ClockListening {
  stop(): Promise<void>
}

/**
 * Hears what other nodes tell, on a connection of its own. `onEnd` is called once when that connection breaks: what is
 * told from then on is not heard.
 */
export async function listenForClocks(
  db: Database,
  onNotice: (notice: ClockNotice) => void,
  onEnd: () => void,
): Promise<ClockListening> {
  const { options } = db.pool
  // A pool hides its password from copies of its options.
  const client = new pg.Client({ ...options, ...(options.password !== undefined && { password: options.password }) })
  let isOver = false
  const end = () => {
    if (!isOver) onEnd()
    isOver = true
  }
  client.on('error', end)
  client.on('end', end)
  client.on('notification', ({ payload = '[]' }) => {
    for (const notice of JSON.parse(payload) as ClockNotice[]) onNotice(notice)
  })
  try {
    await client.connect()
    await client.query(`listen ${CHANNEL}`)
  } catch (error) {
    await client.end().catch(() => {})
    throw error
  }
  return {
    async stop() {
      isOver = true
      await client.end().catch(() => {})
    },
  }
}
