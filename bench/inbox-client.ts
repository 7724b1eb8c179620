import type { Job } from './load.ts'
import type { MeasuredHeddle } from './measured-heddle.ts'

type Requests = Pick<Job, 'port' | 'head' | 'heads' | 'bodies' | 'status'>

const BASIC = `Basic ${Buffer.from('bench:bench').toString('base64')}`
const ACCOUNT = '/restapi/v1.0/account/~'

/** A Heddle with an inbox and two who work in it. */
export interface Inbox {
  heddle: MeasuredHeddle
  /** Handles all queues. */
  supervisor: InboxClient
  /** Handles ten queues, the one of the last thread among them. */
  handler: InboxClient
  handlerName: string
}

/** A handler who is signed in, as RingCentral's clients are. */
export interface InboxClient {
  get(path: string): Promise<InboxAnswer>
  /** Requests for a load. */
  gets(paths: string[]): Requests
  posts(paths: string[], bodies: string[]): Requests
}

export interface InboxAnswer {
  records: { id: string }[]
  paging?: { totalElements: number }
  syncInfo?: { syncToken: string }
}

export async function signIn({ port }: MeasuredHeddle, handler: string): Promise<InboxClient> {
  const origin = `http://127.0.0.1:${port}`
  const response = await fetch(`${origin}/restapi/oauth/token`, {
    method: 'POST',
    headers: { authorization: BASIC },
    body: new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: handler }),
  })
  const { access_token: token } = (await response.json()) as { access_token: string }
  const authorization = `bearer ${token}`

  function headOf(method: string, path: string): string {
    const lines = [`${method} ${ACCOUNT}${path} HTTP/1.1`, 'host: 127.0.0.1', `authorization: ${authorization}`]
    return `${[...lines, 'content-type: application/json'].join('\r\n')}\r\n`
  }

  return {
    async get(path) {
      const answer = await fetch(`${origin}${ACCOUNT}${path}`, { headers: { authorization } })
      if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
      return (await answer.json()) as InboxAnswer
    },
    gets: paths => ({ port, status: 200, head: '', heads: paths.map(path => headOf('GET', path)), bodies: [''] }),
    posts: (paths, bodies) => ({ port, status: 200, head: '', heads: paths.map(path => headOf('POST', path)), bodies }),
  }
}

/** The token of one who last synced so many versions ago: a token is no secret, and says what it says in plain JSON. */
export function earlierToken(token: string, versions: number): string {
  const read = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'))
  return Buffer.from(JSON.stringify({ ...read, version: read.version - versions })).toString('base64url')
}
