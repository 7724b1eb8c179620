import type { Queryable } from '../kit/queryable.ts'

const LOOK_EVERY_MS = 1000
/** Fewer rows are read fast by any plan. */
const WORTH_A_LOOK = 100

/**
 * Lets PostgreSQL count a table again as soon as it has doubled. Its own look comes once a minute, and a plan that was
 * made while a table was empty reads all of it for each row: in the first minute of a busy house that is thousands.
 */
export function keepStatisticsFresh(db: Queryable, onError: (error: unknown) => void): { stop(): Promise<void> } {
  let looking: Promise<void> | null = null
  const timer = setInterval(() => {
    looking ??= analyzeGrown(db)
      .catch(onError)
      .finally(() => {
        looking = null
      })
  }, LOOK_EVERY_MS)
  return {
    async stop() {
      clearInterval(timer)
      await looking
    },
  }
}

async function analyzeGrown(db: Queryable): Promise<void> {
  const grown = await db.query<{ table: string }>(
    `select c.oid::regclass::text as "table"
     from pg_stat_user_tables s
     join pg_class c on c.oid = s.relid
     where s.n_live_tup >= greatest($1, 2 * c.reltuples)`,
    [WORTH_A_LOOK],
  )
  for (const { table } of grown) await db.query(`analyze ${table}`)
}
