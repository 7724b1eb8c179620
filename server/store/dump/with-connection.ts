import type { Pool, PoolClient } from 'pg'

/**
 * Lends one connection for a long transaction without a time limit. When `run` fails the connection is given up, and the
 * transaction with it: it may be in the middle of a COPY.
 */
export async function withConnection<T>(pool: Pool, run: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  // A broken connection fails the statement that runs on it; the event says the same again.
  const onError = () => {}
  client.on('error', onError)
  try {
    await client.query('set statement_timeout = 0; set idle_in_transaction_session_timeout = 0')
    const result = await run(client)
    await client.query('reset statement_timeout; reset idle_in_transaction_session_timeout')
    client.release()
    return result
  } catch (error) {
    client.release(true)
    throw error
  } finally {
    client.off('error', onError)
  }
}
