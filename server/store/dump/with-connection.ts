import pg, { type Client, type Pool } from 'pg'

/**
 * Opens a connection for a long transaction without a time limit, to where the pool's lead: a COPY takes one that does
 * not send ahead.
 */
export async function withConnection<T>(pool: Pool, run: (client: Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ ...pool.options, pipeline: false })
  // A broken connection fails the statement that runs on it; the event says the same again.
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query('set statement_timeout = 0; set idle_in_transaction_session_timeout = 0')
    return await run(client)
  } finally {
    // It may be in the middle of a COPY.
    await client.end().catch(() => {})
  }
}
