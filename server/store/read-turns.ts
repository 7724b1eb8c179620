import { concernsOneAct, isAway } from '../kit/database-away.ts'
import { openKeyedQueue } from '../kit/keyed-queue.ts'

/** Runs a read as soon as fewer than so many run. */
export type ReadTurns = <T>(read: () => Promise<T>) => Promise<T>

/**
 * One node's reads wait here for a connection, as long as the server answers those before them. The pool's own patience
 * is for connecting: what waits there takes a server that is busy for one that is gone. When the server is away, those
 * that waited meanwhile fail with it too: they would only meet it one by one.
 */
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
