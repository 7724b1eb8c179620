import { concernsOneAct, isAway } from '../kit/database-away.ts'
import { openKeyedQueue } from '../kit/keyed-queue.ts'
import type { Database } from './db.ts'

/** Two connections fewer than there are for reads: the house's own work finds one, however much is asked. */
const MAX_READS = 8

/**
 * The database for those who answer requests. What they read waits here for a connection, as long as the server answers
 * those before: the pool's own patience is for connecting, and who waits there takes a busy server for one that is gone.
 */
export function readInTurn(db: Database): Database {
  const turn = openReadTurns({ maxRunning: MAX_READS })
  return {
    ...db,
    query: (sql, values, how) => turn(() => db.query(sql, values, how)),
    snapshot: read => turn(() => db.snapshot(read)),
  }
}

/** Runs a read as soon as fewer than so many run. */
export type ReadTurns = <T>(read: () => Promise<T>) => Promise<T>

/** When the server is away, reads that waited meanwhile fail with it too: they would only meet it one by one. */
export function openReadTurns({ maxRunning }: { maxRunning: number }): ReadTurns {
  const queue = openKeyedQueue({ maxRunning })
  let outage: { error: unknown } | undefined
  let taken = 0
  return read => {
    const before = outage
    taken += 1
    return queue.push(String(taken), async () => {
      if (outage && outage !== before) throw outage.error
      try {
        return await read()
      } catch (error) {
        if (isAway(error) && !concernsOneAct(error)) outage = { error }
        throw error
      }
    })
  }
}
