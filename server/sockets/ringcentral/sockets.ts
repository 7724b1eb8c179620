import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Core } from '../../core/core.ts'
import type { AccountFeed } from '../../core/feed/account-feed.ts'
import type { Admissions } from '../../core/sign-in/admissions.ts'
import { checkSession } from '../../core/sign-in/sessions.ts'
import { checkWebSocketTicket } from '../../core/sign-in/tickets.ts'
import { Connection, type Who } from './connection.ts'
import { Hub } from './hub.ts'
import { MAX_FRAME_BYTES } from './limits.ts'
import { type Recovery, recover } from './recovery.ts'
import { type Inject, tunnel } from './tunnel.ts'

export interface RingCentralSocketsOptions {
  core: Core
  feed: AccountFeed
  admissions: Admissions
  inject: Inject
  onError(error: unknown): void
}

export interface RingCentralSockets {
  /** Takes a connection at `/restapi/ws`. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Looks after the connections; done by itself every 30 s. */
  sweep(): Promise<void>
  stop(): Promise<void>
}

/** How often connections are looked after; a third of what a session stays recoverable for. */
const SWEEP_EVERY_MS = 30_000
/** Official clients listen for notifications only after they have read the greeting. */
const REPLAY_AFTER_MS = 100
/** Headers of the first request by which absolute URLs are built. */
const ORIGIN_HEADERS = ['host', 'x-forwarded-host', 'x-forwarded-proto', 'x-forwarded-for', 'x-forwarded-port']

/** RingCentral's WebSockets: requests of the REST API in frames, and notifications of what a session subscribed. */
export function openRingCentralSockets(options: RingCentralSocketsOptions): RingCentralSockets {
  const { core, feed, admissions, inject, onError } = options
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES })
  const hub = new Hub(core, feed, onError)
  const sweeping = setInterval(() => hub.sweep().catch(onError), SWEEP_EVERY_MS)

  async function open(socket: WebSocket, request: IncomingMessage): Promise<void> {
    const waiting = holdFrames(socket)
    const query = new URL(request.url ?? '/', 'http://inside').searchParams
    const who = await whoIs(core, query.get('access_token') ?? '')
    if (!who) return refuse(socket, 'OAU-213', 'Token not found')
    if (hub.isFull(who.oauthSessionId)) return refuse(socket, 'WSG-901', 'Too many connections')
    const recovery = await recover(core, hub, who, query.get('wsc'))
    if (socket.readyState !== socket.OPEN) return
    const connection = admit(socket, request, { ...who, sessionId: recovery.sessionId })
    // The greeting says what may be recovered from: on a quiet line no other frame does.
    if (recovery.subscription) connection.know(recovery.known, true)
    connection.greet(recovery.state)
    // Before what the client asks for next, which may change what it is told of.
    const replayed = hub.inTurn(connection, () => replay(connection, recovery))
    waiting.release(text => connection.take(text))
    await replayed
  }

  /** Makes the connection one of the hub's until it closes. */
  function admit(socket: WebSocket, request: IncomingMessage, who: Who): Connection {
    const admission = admissions.admit(who)
    const origin = {
      admission,
      headers: originHeaders(request),
      remoteAddress: request.socket.remoteAddress ?? '127.0.0.1',
    }
    // A client that takes itself for subscribed, and is told nothing, would never know. Cut off, it recovers its session.
    const cut = (error: unknown) => {
      onError(error)
      socket.terminate()
    }
    const connection = new Connection({
      socket,
      who,
      machineMs: core.clock.machineMs,
      ask: asked => tunnel(inject, asked, origin),
      onSubscribed: () => void hub.refresh(connection).catch(cut),
      onError,
    })
    hub.add(connection)
    socket.on('close', () => {
      admissions.dismiss(admission)
      hub.remove(connection).catch(onError)
    })
    return connection
  }

  async function replay(connection: Connection, { subscription, missed }: Recovery): Promise<void> {
    if (!subscription || !missed) return
    await pause(REPLAY_AFTER_MS)
    for (const { envelope, version } of missed.notices) connection.notify(envelope, version)
    await hub.join(connection, subscription, missed.through)
  }

  return {
    upgrade(request, socket, head) {
      server.handleUpgrade(request, socket, head, opened => {
        opened.on('error', () => opened.terminate())
        open(opened, request).catch(error => {
          onError(error)
          opened.terminate()
        })
      })
    },
    sweep: () => hub.sweep(),
    async stop() {
      clearInterval(sweeping)
      await hub.stop()
      for (const socket of server.clients) socket.terminate()
    },
  }
}

/** Whom a ticket lets in; null when it is unknown, or the sign-in behind it is over. */
async function whoIs(core: Core, token: string): Promise<Omit<Who, 'sessionId'> | null> {
  const ticket = await checkWebSocketTicket(core, token)
  if (!ticket?.sessionId) return null
  const { accountId, userId, clientId, sessionId: oauthSessionId } = ticket
  const { kind } = await checkSession(core, accountId, oauthSessionId)
  return kind === 'known' ? { accountId, userId, clientId, oauthSessionId, connectionId: randomUUID() } : null
}

/** An HTTP status would be an error that official clients do not catch: it is told in a frame. */
function refuse(socket: WebSocket, errorCode: string, message: string): void {
  const meta = { type: 'Error', messageId: randomUUID(), status: 401, headers: {} }
  socket.send(JSON.stringify([meta, { errorCode, message, errors: [{ errorCode, message }] }]))
  socket.close(1008, errorCode)
}

/** Keeps frames that come before anybody takes them: clients may ask as soon as the connection stands. */
function holdFrames(socket: WebSocket): { release(take: (text: string) => void): void } {
  let take: ((text: string) => void) | null = null
  const held: string[] = []
  socket.on('message', data => {
    const text = data.toString()
    if (take) take(text)
    else if (held.push(text) > MAX_HELD) socket.terminate()
  })
  return {
    release(next) {
      take = next
      for (const text of held.splice(0)) next(text)
    },
  }
}

const MAX_HELD = 20

function originHeaders({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    ORIGIN_HEADERS.flatMap(name => {
      const value = headers[name]
      return value === undefined ? [] : [[name, String(value)]]
    }),
  )
}
