import { promises as dns, type LookupAddress } from 'node:dns'
import net from 'node:net'
import tls from 'node:tls'
import type { buildConnector } from 'undici'
import { classifyIp, isMetadataName } from './http-client-address.ts'
import { HttpFailureError } from './http-client-failure.ts'

/** Finds the addresses of a host name, in the order to try. */
export type Resolve = (hostname: string) => Promise<LookupAddress[]>

export interface ConnectRules {
  allowPrivate: boolean
  /** Whether TLS tells the host name (SNI). The certificate is checked against the host either way. */
  sendServerName: boolean
  resolve: Resolve
}

/** Longer than any caller waits; ends attempts that their callers gave up. */
const ABANDONED_CONNECT_MS = 15_000

/**
 * Counts connections in the order they opened. An error on one that opened before its request was sent means that the
 * far side closed an idle connection just as it was used again; such a request was never seen.
 */
export interface Connections {
  opened: number
  ofError: WeakMap<Error, number>
}

export function resolveBySystem(hostname: string): Promise<LookupAddress[]> {
  return dns.lookup(hostname, { all: true, verbatim: true })
}

/**
 * Opens sockets only to addresses that the rules allow. The check is made on the very addresses handed to the socket,
 * so a name that resolves differently the next time (DNS rebinding) gains nothing.
 */
export function guardedConnector(rules: ConnectRules, connections: Connections): buildConnector.connector {
  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, '')
    const refusal = refusalOfHost(host, rules.allowPrivate)
    if (refusal) {
      process.nextTick(callback, refusal, null)
      return
    }
    const isTls = options.protocol === 'https:'
    const target = {
      host,
      port: Number(options.port) || (isTls ? 443 : 80),
      lookup: guardedLookup(rules),
      autoSelectFamily: true,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: 60_000,
    }
    const servername = rules.sendServerName && net.isIP(host) === 0 ? host : ''
    const socket = isTls ? tls.connect({ ...target, servername, ALPNProtocols: ['http/1.1'] }) : net.connect(target)
    settleWhenConnected(socket, isTls ? 'secureConnect' : 'connect', connections, callback)
  }
}

function settleWhenConnected(
  socket: net.Socket,
  event: string,
  connections: Connections,
  callback: buildConnector.Callback,
): void {
  let number: number | null = null
  const timer = setTimeout(() => {
    socket.destroy(new HttpFailureError('connect_timeout', 'no connection in time'))
  }, ABANDONED_CONNECT_MS)
  socket.once(event, () => {
    clearTimeout(timer)
    number = ++connections.opened
    callback(null, socket)
  })
  socket.on('error', error => {
    clearTimeout(timer)
    if (number === null) callback(error, null)
    else connections.ofError.set(error, number)
  })
}

function refusalOfHost(host: string, allowPrivate: boolean): HttpFailureError | null {
  if (isMetadataName(host)) return refused(host)
  return net.isIP(host) !== 0 && !isAllowed(host, allowPrivate) ? refused(host) : null
}

function isAllowed(address: string, allowPrivate: boolean): boolean {
  const addressClass = classifyIp(address)
  return addressClass === 'public' || (addressClass === 'private' && allowPrivate)
}

function refused(host: string): HttpFailureError {
  return new HttpFailureError('refused_address', `the address of ${host} is not one that may be called`)
}

function guardedLookup(rules: ConnectRules): net.LookupFunction {
  return (hostname, options, callback) => {
    rules.resolve(hostname).then(
      found => {
        const allowed = found.filter(each => isAllowed(each.address, rules.allowPrivate))
        const first = allowed[0]
        if (!first) {
          const error =
            found.length > 0 ? refused(hostname) : new HttpFailureError('bad_host', `${hostname} has no address`)
          callback(error, '', 0)
        } else if (options.all) callback(null, allowed)
        else callback(null, first.address, first.family)
      },
      (error: Error) => callback(error, '', 0),
    )
  }
}
