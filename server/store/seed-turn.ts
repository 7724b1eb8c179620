import type { Pool } from 'pg'

const SEED_LOCK = 727_0002

/** Runs it while no other node does: those that start at once seed one after another. */
export async function inSeedTurn<T>(pool: Pool, run: () => Promise<T>): Promise<T> {
  const client = await pool.connect()
  try {
    // A seed of many numbers may take another node long.
    await client.query('set statement_timeout = 0')
    await client.query('select pg_advisory_lock($1)', [SEED_LOCK])
    try {
      return await run()
    } finally {
      await client.query('select pg_advisory_unlock($1)', [SEED_LOCK])
      await client.query('reset statement_timeout')
    }
  } finally {
    client.release()
  }
}
