import { randomUUID } from 'node:crypto'
import type { WebSocket } from 'ws'
import type { Envelope } from '../../core/subscriptions/envelope.ts'
import type { SocketSession } from '../../core/subscriptions/open-subscription.ts'
import { type BadFrame, type ClientRequest, type Meta, readFrame, type Wsc, writeFrame } from './frames.ts'
import { LIMITS, MAX_UNREAD_BYTES, overdue, type Signs } from './limits.ts'
import { writeSessionToken } from './session-token.ts'
import { type Answer, refused } from './tunnel.ts'

/** Whom a connection is for. */
export interface Who extends SocketSession {
  accountId: string
  userId: string
  clientId: string
  oauthSessionId: string
}

export interface ConnectionOptions {
  socket: WebSocket
  who: Who
  machineMs(): number
  /** Answers a request of the client. */
  ask(request: ClientRequest): Promise<Answer>
  /** Told after a request that may have changed what the session subscribed. */
  onSubscribed(): void
  onError(error: unknown): void
}

const CLOSE_NORMALLY = 1000
const GOING_AWAY = 1001
const REFUSED = 1008

/** One WebSocket: frames in and out, and what a client needs to recover its session later. */
export class Connection {
  readonly who: Who
  readonly #options: ConnectionOptions
  readonly #signs: Signs
  /** Up to which version of the account its client was told everything. */
  #version = 0
  #isSubscribed = false
  #sequence: number
  #activeRequests = 0

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.who = options.who
    const nowMs = options.machineMs()
    this.#signs = { openedMs: nowMs, framedMs: nowMs, hasPonged: true }
    // Clients keep whatever has the highest sequence, over connections too: each begins above those before it.
    this.#sequence = nowMs
    options.socket.on('pong', () => {
      this.#signs.hasPonged = true
    })
  }

  /** The first frame. `recovered`: whether the session that was asked for goes on here; null when none was. */
  greet(recovered: boolean | null): void {
    const state = recovered === null ? {} : { recoveryState: recovered ? 'Successful' : 'Failed' }
    const details = { creationTime: new Date(this.#signs.openedMs).toISOString(), ...LIMITS, ...state }
    this.#send(
      { type: 'ConnectionDetails', messageId: randomUUID(), status: 200, headers: {} },
      JSON.stringify(details),
    )
  }

  /** Takes one frame of the client. */
  take(text: string): void {
    this.#signs.framedMs = this.#options.machineMs()
    const frame = readFrame(text)
    if (frame.type === 'Heartbeat') this.#send({ type: 'Heartbeat', messageId: frame.messageId }, null)
    else if (frame.type === 'bad') this.#refuse(frame)
    else void this.#answer(frame)
  }

  /** Notes that the client knows everything up to a version, which is told with the next frame. */
  know(version: number, isSubscribed: boolean): void {
    this.#version = Math.max(this.#version, version)
    this.#isSubscribed = isSubscribed
  }

  /** Tells the client one thing. */
  notify(envelope: Envelope, version: number): void {
    this.know(version, true)
    this.#send(
      { type: 'ServerNotification', messageId: envelope.uuid, status: 200, headers: {} },
      JSON.stringify(envelope),
    )
  }

  /** Looks whether the connection must end, and asks for a sign of life. */
  check(): void {
    const { socket } = this.#options
    const reason = overdue(this.#signs, this.#options.machineMs())
    if (reason === 'idle') this.fail('WSG-902', 'Session idle timeout')
    else if (reason === 'too_old') this.fail('WSG-903', 'Session absolute timeout')
    else if (reason === 'lost') socket.terminate()
    else if (socket.readyState === socket.OPEN) {
      this.#signs.hasPonged = false
      socket.ping()
    }
  }

  /** Ends the connection and tells why. */
  fail(errorCode: string, message: string): void {
    const body = JSON.stringify({ errorCode, message, errors: [{ errorCode, message }] })
    this.#send({ type: 'Error', messageId: randomUUID(), status: 403, headers: {} }, body)
    this.#options.socket.close(REFUSED, errorCode)
  }

  /** Ends the connection: another has its session now. */
  yield(): void {
    this.#options.socket.close(CLOSE_NORMALLY, 'Another connection has the session')
  }

  /** Ends the connection: the server stops. */
  leave(): void {
    this.#options.socket.close(GOING_AWAY, 'The server stops')
  }

  async #answer(request: ClientRequest): Promise<void> {
    const answer = await this.#ask(request).catch(error => {
      this.#options.onError(error)
      return refused(500, 'CMN-203', 'Internal server error')
    })
    const { status, headers, body } = answer
    const { messageId } = request
    const isSubscribing = request.method !== 'GET' && /^\/restapi\/v1\.0\/subscription/.test(request.path)
    // Who learns of its subscription by this frame may recover it by what the frame says.
    if (isSubscribing && status < 300 && body !== null) this.#isSubscribed = true
    this.#send({ type: 'ClientRequest', messageId, status, headers }, body)
    if (isSubscribing) this.#options.onSubscribed()
  }

  async #ask(request: ClientRequest): Promise<Answer> {
    if (this.#activeRequests >= LIMITS.maxActiveRequests) {
      return refused(429, 'CMN-301', `More than ${LIMITS.maxActiveRequests} requests at a time`)
    }
    this.#activeRequests += 1
    try {
      return await this.#options.ask(request)
    } finally {
      this.#activeRequests -= 1
    }
  }

  #refuse({ messageId, message }: BadFrame): void {
    const { status, headers, body } = refused(400, 'CMN-104', message)
    this.#send({ type: 'Error', messageId: messageId ?? randomUUID(), status, headers }, body)
  }

  /** A client that does not read is let go: it may recover its session. One frame may be as long as it must. */
  #send(meta: Meta, body: string | null): void {
    const { socket } = this.#options
    if (socket.readyState !== socket.OPEN) return
    if (socket.bufferedAmount > MAX_UNREAD_BYTES) socket.terminate()
    else socket.send(writeFrame({ ...meta, wsc: this.#wsc() }, body))
  }

  #wsc(): Wsc {
    const { accountId, sessionId } = this.who
    this.#sequence += 1
    const token = { accountId, sessionId, version: this.#version, isSubscribed: this.#isSubscribed }
    return { token: writeSessionToken(token), sequence: this.#sequence }
  }
}
