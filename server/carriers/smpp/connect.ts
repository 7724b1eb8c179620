import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { connect as connectSecure } from 'node:tls'
import type { SmppSettings } from '../../domain/smpp-settings.ts'
import { spellStatus } from './commands.ts'

/** Why a link could not be opened, in words for the operator. */
export class BindFailed extends Error {}

const DEFAULT_PORT = { plain: 2775, secure: 3550 }
const CONNECT_WITHIN_MS = 10_000

/** Throws `BindFailed`. */
export function connect({ url, ca }: SmppSettings): Promise<Socket> {
  const { protocol, hostname, port } = new URL(url)
  const host = hostname.replace(/^\[|\]$/g, '')
  const isSecure = protocol !== 'smpp:'
  const to = { host, port: Number(port) || (isSecure ? DEFAULT_PORT.secure : DEFAULT_PORT.plain) }
  return new Promise((resolve, reject) => {
    const socket = isSecure
      ? connectSecure({ ...to, ...(isIP(host) ? {} : { servername: host }), ...(ca && { ca }) })
      : connectPlain({ ...to, noDelay: true })
    const fail = (why: string) => {
      socket.destroy()
      reject(new BindFailed(`Could not connect to ${to.host}:${to.port}: ${why}.`))
    }
    const timer = setTimeout(() => fail(`no answer within ${CONNECT_WITHIN_MS / 1000} s`), CONNECT_WITHIN_MS)
    socket.once('error', error => {
      clearTimeout(timer)
      fail(error.message)
    })
    socket.once(isSecure ? 'secureConnect' : 'connect', () => {
      clearTimeout(timer)
      socket.setNoDelay(true)
      socket.removeAllListeners('error')
      resolve(socket)
    })
  })
}

/** Source: SMPP 3.4, 5.1.3. */
const BIND_REFUSALS: Record<number, string> = {
  5: 'the account is bound already, or has no more binds',
  13: 'the bind failed',
  14: 'the password is wrong',
  15: 'the system id is wrong',
}

/** What a status that refuses a bind means. */
export function bindRefusal(status: number): string {
  return `The SMSC refused the bind: ${BIND_REFUSALS[status] ?? 'it gave no reason we know'} (${spellStatus(status)}).`
}
