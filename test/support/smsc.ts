import { once } from 'node:events'
import smpp, { type PDU, type Session } from 'smpp'

/** A text that was submitted, as the package reads it. */
export interface Submit {
  source: string
  destination: string
  body: string
  header: number[]
  messageId: string
  pdu: PDU
}

/** What an SMSC answers to a submit; `null`: nothing at all. */
export interface Answer {
  status?: number
  messageId?: string
}

export interface Smsc {
  port: number
  /** What was asked to bind, in order: command, system id, password. */
  binds: { command: string; systemId: string; password: string }[]
  sessions: Session[]
  submits: Submit[]
  /** Decides what is answered; ids count up in hexadecimal unless it says so. */
  onSubmit: (submit: Submit, session: Session) => Answer | null
  onBind: (pdu: PDU) => number
  /** How long the answer to a submit takes. */
  answersAfterMs: () => number
  /** Sends a text or receipt over a bound link; the status of the answer, or null when the link broke before. */
  deliver(fields: Record<string, unknown>, session?: Session): Promise<number | null>
  receipt(submit: Pick<Submit, 'messageId' | 'source' | 'destination'>, state?: string): Promise<number | null>
  /** Resolves when it is so; a minute late it throws. */
  until(what: () => boolean): Promise<void>
  drop(): void
  close(): Promise<void>
}

/** An SMSC on the npm package `smpp`: binds anyone and takes everything, unless told otherwise. */
export async function openSmsc(options: { key?: string; cert?: string; port?: number } = {}): Promise<Smsc> {
  let ids = 0
  const waiting = new Set<() => void>()
  const changed = () => {
    for (const look of waiting) look()
  }
  const server = smpp.createServer(options, session => {
    session.setMaxListeners(0)
    session.on('error', () => {})
    session.on('close', () => {
      smsc.sessions.splice(smsc.sessions.indexOf(session), 1)
      changed()
    })
    session.on('pdu', (pdu: PDU) => {
      if (pdu.isResponse()) return
      if (pdu.command.startsWith('bind_')) bind(session, pdu)
      else if (pdu.command === 'submit_sm') submit(session, pdu)
      else if (pdu.command === 'unbind') {
        session.send(pdu.response())
        session.close()
      } else session.send(pdu.response())
    })
  })
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()

  function bind(session: Session, pdu: PDU): void {
    const { command, system_id, password } = pdu
    smsc.binds.push({ command, systemId: String(system_id), password: String(password) })
    const status = smsc.onBind(pdu)
    session.send(pdu.response({ command_status: status, system_id: 'smsc' }))
    if (status === 0) smsc.sessions.push(session)
    changed()
  }

  function submit(session: Session, pdu: PDU): void {
    const { message, udh } = (pdu.short_message ?? {}) as { message?: string; udh?: Buffer[] }
    const payload = (pdu.message_payload ?? {}) as { message?: string }
    ids += 1
    const submitted: Submit = {
      source: String(pdu.source_addr),
      destination: String(pdu.destination_addr),
      body: String(message || payload.message || ''),
      header: [...(udh?.[0] ?? [])],
      messageId: (0xabc000 + ids).toString(16).toUpperCase(),
      pdu,
    }
    const answer = smsc.onSubmit(submitted, session)
    if (answer === null) {
      changed()
      return
    }
    const { status = 0, messageId = submitted.messageId } = answer
    if (status === 0) smsc.submits.push({ ...submitted, messageId })
    const response = pdu.response({ command_status: status, ...(status === 0 && { message_id: messageId }) })
    const afterMs = smsc.answersAfterMs()
    if (afterMs > 0) setTimeout(() => session.send(response), afterMs)
    else session.send(response)
    changed()
  }

  const smsc: Smsc = {
    port: typeof address === 'object' && address ? address.port : 0,
    binds: [],
    sessions: [],
    submits: [],
    onSubmit: () => ({}),
    onBind: () => 0,
    answersAfterMs: () => 0,
    deliver(fields, session = smsc.sessions.at(-1)) {
      if (!session) return Promise.resolve(null)
      return new Promise(resolve => {
        session.once('close', () => resolve(null))
        const head = { source_addr_ton: 1, source_addr_npi: 1, dest_addr_ton: 1, dest_addr_npi: 1, data_coding: 0 }
        session.send(new smpp.PDU('deliver_sm', { ...head, ...fields }), answer => resolve(answer.command_status))
      })
    },
    receipt({ messageId, source, destination }, state = 'DELIVRD') {
      const text = `id:${messageId} sub:001 dlvrd:001 submit date:2601010000 done date:2601010001 stat:${state} err:000 text:`
      return smsc.deliver({
        source_addr: destination,
        destination_addr: source,
        esm_class: 4,
        short_message: Buffer.from(text),
      })
    },
    until(what) {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('It did not come to that.')), 20_000)
        const look = () => {
          if (!what()) return
          clearTimeout(timer)
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      })
    },
    drop() {
      for (const session of [...smsc.sessions]) session.destroy()
    },
    async close() {
      smsc.drop()
      server.close()
    },
  }
  return smsc
}
