import type { Socket } from 'node:net'
import type { SmppSettings } from '../../domain/smpp-settings.ts'
import { within } from '../../kit/within.ts'
import { COMMAND, RESPONSE, STATUS } from './commands.ts'
import { BindFailed, bindRefusal, connect } from './connect.ts'
import { openCutter } from './cut-pdus.ts'
import { encodePdu, encodeResponse, type Pdu, readPdu } from './pdu.ts'

export type Role = 'transceiver' | 'transmitter' | 'receiver'

export interface LinkOptions {
  settings: SmppSettings
  password: string
  role: Role
  nowMs(): number
  /** A text or receipt came; to be answered with `answer`. Throwing ends the link. */
  onDelivery(link: Link, pdu: Pdu): void
  /** A request of ours was answered or lost: there is room for another. */
  onRoom(): void
  /** The link is over, and why, in words for the operator. Called once, and only after it was bound. */
  onEnd(link: Link, reason: string): void
  /** What came over the link that the SMSC may not know to have reached us. */
  onDoubt(name: string): void
  /** The SMSC has surely read our answer to it. */
  onSure(name: string): void
}

/** What became of a request: an answer, or none: `isWritten` when it may have been read. */
export type Reply = { kind: 'answered'; pdu: Pdu } | { kind: 'lost'; isWritten: boolean }

const VERSION = 0x34
const UNBIND_WITHIN_MS = 500
/** How long a link that is closed waits for what is under way on it to be answered, by us and by the SMSC. */
const ANSWERS_WITHIN_MS = 500
/** The same for a link that the SMSC unbinds. */
const LEAVE_WITHIN_MS = 5000
/** How often a link looks at its time limits. */
const LOOK_EVERY_MS = 500
/** An answer of ours that nothing shows to be read by then is asked about. */
const ASK_AFTER_MS = 1000
export const DEFAULTS = { window: 10, enquireAfterMs: 30_000, answerWithinMs: 30_000, reconnectWithinMs: 30_000 }
const MAX_SEQUENCE = 0x7fffffff
/** What came in and waits for its commit; an SMSC that sends more is not read for a while. */
const MAX_OPEN = 2000
const BIND = {
  transceiver: { command: 'bind_transceiver' },
  transmitter: { command: 'bind_transmitter' },
  receiver: { command: 'bind_receiver' },
} as const

interface Waiting {
  resolve(reply: Reply): void
  untilMs: number
  /** Answers of ours that were written before this request: its reply shows that they were read. */
  covers: number
}

/** One bound connection to an SMSC. */
export class Link {
  readonly role: Role
  readonly #options: LinkOptions
  readonly #socket: Socket
  readonly #waiting = new Map<number, Waiting>()
  readonly #window: number
  /** Names of what came in and is not answered yet, with when it came. */
  readonly #open = new Map<string, number>()
  /** What was answered and may not have been read, in the order of our answers. */
  #unread: { name: string; cameAtMs: number; atMs: number }[] = []
  #answers = 0
  #sequence = 0
  #isAsking = false
  #onQuiet: () => void = () => {}
  #heardAtMs: number
  #state: 'binding' | 'bound' | 'unbinding' | 'over' = 'binding'
  #looker: NodeJS.Timeout | undefined

  private constructor(options: LinkOptions, socket: Socket) {
    this.#options = options
    this.role = options.role
    this.#socket = socket
    this.#window = options.settings.window ?? DEFAULTS.window
    this.#heardAtMs = options.nowMs()
  }

  /** Connects and binds. Throws `BindFailed`. */
  static async open(options: LinkOptions): Promise<Link> {
    const link = new Link(options, await connect(options.settings))
    await link.#bind()
    return link
  }

  get isBound(): boolean {
    return this.#state === 'bound'
  }

  get canSubmit(): boolean {
    return this.isBound && this.role !== 'receiver' && this.#waiting.size < this.#window
  }

  get underWay(): number {
    return this.#waiting.size
  }

  request(command: string, fields: Record<string, unknown>): Promise<Reply> {
    if (this.#state === 'over') return Promise.resolve({ kind: 'lost', isWritten: false })
    const sequence = this.#nextSequence()
    const bytes = encodePdu(command, { ...fields, sequence_number: sequence })
    const untilMs = this.#options.nowMs() + (this.#options.settings.answerWithinMs ?? DEFAULTS.answerWithinMs)
    return new Promise(resolve => {
      this.#waiting.set(sequence, { resolve, untilMs, covers: this.#answers })
      this.#write(bytes)
    })
  }

  /** Says that what is called `name` came over this link: until it is surely answered, it may come again. */
  expect(name: string): void {
    if (this.#state === 'over') {
      this.#options.onDoubt(name)
      return
    }
    this.#open.set(name, this.#options.nowMs())
    if (this.#open.size >= MAX_OPEN) this.#socket.pause()
  }

  /** Answers a text or receipt. One that is not taken will come again. */
  answer(pdu: Pdu, status: number, name?: string): void {
    if (this.#state === 'over') return
    if (name !== undefined) this.#note(name, status)
    this.#write(encodeResponse((pdu.command | RESPONSE) >>> 0, status, pdu.sequence, true))
  }

  /** When the oldest came of what the SMSC may not know to have reached us; null when there is none. */
  get inDoubtSinceMs(): number | null {
    const [open] = this.#open.values()
    const unread = this.#unread[0]?.cameAtMs
    if (open === undefined) return unread ?? null
    return unread === undefined ? open : Math.min(open, unread)
  }

  #note(name: string, status: number): void {
    const cameAtMs = this.#open.get(name)
    if (cameAtMs === undefined) return
    this.#open.delete(name)
    this.#noteQuiet()
    if (this.#open.size < MAX_OPEN) this.#socket.resume()
    if (status !== STATUS.ok) {
      this.#options.onDoubt(name)
      return
    }
    this.#unread.push({ name, cameAtMs, atMs: this.#options.nowMs() })
    this.#answers++
  }

  /** What is written in one turn leaves as one piece. */
  #write(bytes: Buffer): void {
    if (this.#socket.writableCorked === 0) {
      this.#socket.cork()
      setImmediate(() => this.#socket.uncork())
    }
    this.#socket.write(bytes)
  }

  /** Takes leave: what is under way is waited for, then the SMSC is told. */
  async close(): Promise<void> {
    if (this.#state !== 'bound') {
      this.#end('it was closed')
      return
    }
    this.#state = 'unbinding'
    await within(ANSWERS_WITHIN_MS, this.#quiet())
    const timer = setTimeout(() => this.#end('the SMSC did not answer our unbind'), UNBIND_WITHIN_MS)
    await this.request('unbind', {})
    clearTimeout(timer)
    this.#end('it was closed')
  }

  /** Resolves when all that came was answered, and all that we asked. */
  #quiet(): Promise<void> {
    return new Promise(resolve => {
      this.#onQuiet = resolve
      this.#noteQuiet()
    })
  }

  #noteQuiet(): void {
    if (this.#open.size === 0 && this.#waiting.size === 0) this.#onQuiet()
  }

  async #bind(): Promise<void> {
    this.#listen()
    const { systemId, systemType = '', addressRange = '' } = this.#options.settings
    const fields = {
      system_id: systemId,
      password: this.#options.password,
      system_type: systemType,
      interface_version: VERSION,
      address_range: addressRange,
    }
    const reply = await this.request(BIND[this.role].command, fields)
    if (reply.kind === 'lost') throw new BindFailed('The SMSC closed the connection, or did not answer our bind.')
    if (reply.pdu.status !== STATUS.ok) {
      this.#end('it was not bound')
      throw new BindFailed(bindRefusal(reply.pdu.status))
    }
    if (this.#state === 'over') throw new BindFailed('The SMSC bound us and ended the link at once.')
    this.#state = 'bound'
  }

  #listen(): void {
    const cut = openCutter()
    this.#socket.on('data', chunk => {
      try {
        this.#heardAtMs = this.#options.nowMs()
        for (const bytes of cut(chunk)) this.#take(readPdu(bytes))
      } catch (error) {
        this.#end(error instanceof Error ? error.message : String(error))
      }
    })
    this.#socket.on('error', error => this.#end(error.message))
    this.#socket.on('close', () => this.#end('the SMSC closed the connection'))
    this.#looker = setInterval(() => this.#look(), LOOK_EVERY_MS)
  }

  #take(pdu: Pdu): void {
    if (this.#state === 'over') return
    if (pdu.command & RESPONSE) this.#takeReply(pdu)
    else this.#takeRequest(pdu)
  }

  #takeRequest(pdu: Pdu): void {
    switch (pdu.command) {
      case COMMAND.deliver_sm:
      case COMMAND.data_sm:
        if (this.#state !== 'unbinding') this.#options.onDelivery(this, pdu)
        // We are leaving: the SMSC keeps it.
        else this.answer(pdu, STATUS.temporary)
        break
      case COMMAND.enquire_link:
        this.#respond(pdu, STATUS.ok)
        break
      case COMMAND.unbind:
        void this.#letGo(pdu)
        break
      case COMMAND.alert_notification:
      case COMMAND.outbind:
        break
      default:
        this.#write(encodeResponse(COMMAND.generic_nack, STATUS.unknownCommand, pdu.sequence, false))
    }
  }

  /** The SMSC takes leave: what it is about to answer is waited for. */
  async #letGo(pdu: Pdu): Promise<void> {
    if (this.#state === 'bound') {
      this.#state = 'unbinding'
      await within(LEAVE_WITHIN_MS, this.#quiet())
    }
    if (this.#state === 'over') return
    this.#respond(pdu, STATUS.ok)
    this.#end('the SMSC unbound us')
  }

  #respond(pdu: Pdu, status: number): void {
    this.#write(encodeResponse((pdu.command | RESPONSE) >>> 0, status, pdu.sequence, false))
  }

  #takeReply(pdu: Pdu): void {
    const waiting = this.#waiting.get(pdu.sequence)
    if (!waiting) return
    this.#waiting.delete(pdu.sequence)
    const read = waiting.covers - (this.#answers - this.#unread.length)
    for (const { name } of this.#unread.splice(0, Math.max(0, read))) this.#options.onSure(name)
    // A nack never says yes, whatever its status.
    const isEmptyNack = pdu.command === COMMAND.generic_nack && pdu.status === STATUS.ok
    waiting.resolve({ kind: 'answered', pdu: isEmptyNack ? { ...pdu, status: STATUS.unknown } : pdu })
    this.#noteQuiet()
    this.#options.onRoom()
  }

  #look(): void {
    const nowMs = this.#options.nowMs()
    const [first] = this.#waiting.values()
    if (first && first.untilMs <= nowMs) this.#end('the SMSC did not answer in time')
    if (this.#state !== 'bound') return
    const { enquireAfterMs = DEFAULTS.enquireAfterMs } = this.#options.settings
    const isSilent = nowMs - this.#heardAtMs >= enquireAfterMs
    const [oldest] = this.#unread
    const isInDoubt = oldest !== undefined && nowMs - oldest.atMs >= ASK_AFTER_MS
    if ((isSilent || isInDoubt) && !this.#isAsking) void this.#enquire()
  }

  async #enquire(): Promise<void> {
    this.#isAsking = true
    await this.request('enquire_link', {})
    this.#isAsking = false
  }

  #nextSequence(): number {
    this.#sequence = this.#sequence === MAX_SEQUENCE ? 1 : this.#sequence + 1
    return this.#sequence
  }

  #end(reason: string): void {
    if (this.#state === 'over') return
    const wasBound = this.#state !== 'binding'
    this.#state = 'over'
    clearInterval(this.#looker)
    // What was written just before, such as the answer to an unbind, still goes out.
    this.#socket.end()
    setTimeout(() => this.#socket.destroy(), UNBIND_WITHIN_MS).unref()
    for (const name of this.#open.keys()) this.#options.onDoubt(name)
    for (const { name } of this.#unread) this.#options.onDoubt(name)
    this.#open.clear()
    this.#unread = []
    for (const waiting of this.#waiting.values()) waiting.resolve({ kind: 'lost', isWritten: true })
    this.#waiting.clear()
    this.#noteQuiet()
    if (wasBound) this.#options.onEnd(this, reason)
  }
}
