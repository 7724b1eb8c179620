import type { Queryable } from '../kit/queryable.ts'

/** How far world time runs ahead of the machine, in milliseconds. */
export async function readWorldOffset(db: Queryable): Promise<number> {
  const rows = await db.query<{ offset_ms: number }>('select offset_ms from world_clock')
  return rows[0]?.offset_ms ?? 0
}

/** Moves world time forward by `ms` (never back) for every node; gives the new offset. */
export async function advanceWorldOffset(db: Queryable, ms: number): Promise<number> {
  const rows = await db.query<{ offset_ms: number }>(
    'update world_clock set offset_ms = offset_ms + greatest($1::bigint, 0) returning offset_ms',
    [Math.round(ms)],
  )
  return rows[0]?.offset_ms ?? 0
}
