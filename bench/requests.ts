import type { Job } from './load.ts'
import { ACCOUNT_PATH, AUTHORIZATION } from './measured-heddle.ts'
import { PERSONS, personAt } from './texts.ts'

type Requests = Pick<Job, 'port' | 'head' | 'bodies' | 'status'>

const persons = Array.from({ length: PERSONS }, (_, at) => personAt(at))

/** Texts from all persons, one after another, to a number of ours. */
export function textsTo(port: number, to: string, path = '/simulator/messages'): Requests {
  const bodies = persons.map((from, at) => JSON.stringify({ from, to, body: bodyAt(at) }))
  return { port, status: 201, head: headOf('POST', path, 'application/json'), bodies }
}

/** Texts from a number of ours to all persons, as the Messages resource takes them. */
export function textsFrom(port: number, from: string): Requests {
  const bodies = persons.map((to, at) => new URLSearchParams({ To: to, From: from, Body: bodyAt(at) }).toString())
  const head = headOf('POST', `${ACCOUNT_PATH}/Messages.json`, 'application/x-www-form-urlencoded')
  return { port, status: 201, head, bodies }
}

export function get(port: number, path: string): Requests {
  return { port, status: 200, head: headOf('GET', path), bodies: [''] }
}

function headOf(method: string, path: string, contentType?: string): string {
  const lines = [`${method} ${path} HTTP/1.1`, 'host: 127.0.0.1', `authorization: ${AUTHORIZATION}`]
  if (contentType) lines.push(`content-type: ${contentType}`)
  return `${lines.join('\r\n')}\r\n`
}

function bodyAt(at: number): string {
  return `Is my order on its way? It is number ${at}.`
}
