export interface TokenOptions {
  /** Seconds. */
  ttl: string
  service?: string
  server: string
  /** SID and token of the account. */
  account: string
  token: string
}

/** Asks a running Heddle for an access token. Throws with a sentence for the operator. */
export async function fetchToken(identity: string, options: TokenOptions): Promise<string> {
  const { server, account, token, ttl, service } = options
  const response = await fetch(new URL('/v1/tokens', server), {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${account}:${token}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ identity, ttl: Number(ttl), ...(service && { service }) }),
  }).catch(() => {
    throw new Error(`There is no Heddle at ${server}.`)
  })
  const answer: unknown = await response.json().catch(() => null)
  const said = typeof answer === 'object' && answer !== null ? answer : {}
  if (response.ok && 'token' in said) return String(said.token)
  throw new Error('message' in said ? String(said.message) : `The server answered with HTTP status ${response.status}.`)
}
