/**
 * An SMSC on the npm package `smpp` that does nothing but answer at once. Told to, it sends texts over all its links, so
 * many on each without an answer, or says how fast texts came.
 */
import smpp, { type PDU, type Session } from 'smpp'
import type { Result } from './load.ts'

export type SmscJob = { links: number } | { deliver: number; window: number } | { expect: number }

const sessions: Session[] = []
let taken = 0
let firstAt = 0
let expected = Number.POSITIVE_INFINITY
let ids = 0

const server = smpp.createServer({}, session => {
  session.on('error', () => {})
  session.on('close', () => sessions.splice(sessions.indexOf(session), 1))
  session.on('pdu', (pdu: PDU) => {
    if (pdu.isResponse()) return
    session.send(pdu.response(pdu.command === 'submit_sm' ? { message_id: String(++ids) } : {}))
    if (pdu.command.startsWith('bind_')) sessions.push(session)
    if (pdu.command === 'submit_sm') count()
  })
})

function count(): void {
  if (taken === 0) firstAt = performance.now()
  taken += 1
  if (taken >= expected) tell(taken, firstAt)
}

function tell(answers: number, since: number): void {
  const seconds = (performance.now() - since) / 1000
  const result: Result = { answers, seconds, failures: 0, firstFailure: null, p50: 0, p99: 0, max: 0 }
  process.send?.(result)
}

async function deliver(count: number, window: number): Promise<void> {
  const since = performance.now()
  let sent = 0
  await new Promise<void>((resolve, reject) => {
    let answered = 0
    const next = (session: Session) => {
      if (sent >= count) return
      const person = `1555${7_000_000 + (sent % 10_000)}`
      sent += 1
      const text = { source_addr_ton: 1, dest_addr_ton: 1, data_coding: 0, short_message: `text ${sent}` }
      session.send(
        new smpp.PDU('deliver_sm', { ...text, source_addr: person, destination_addr: '15550001000' }),
        answer => {
          if (answer.command_status !== 0) reject(new Error(`A text was answered with ${answer.command_status}.`))
          if (++answered === count) resolve()
          next(session)
        },
      )
    }
    for (const session of sessions) for (let open = 0; open < window; open++) next(session)
  })
  tell(count, since)
}

process.on('message', (job: SmscJob) => {
  if ('deliver' in job) {
    deliver(job.deliver, job.window).catch(error => {
      console.error(error)
      process.exit(1)
    })
  } else if ('expect' in job) {
    taken = 0
    expected = job.expect
  } else {
    const look = setInterval(() => {
      if (sessions.length < job.links) return
      clearInterval(look)
      process.send?.(sessions.length)
    }, 50)
  }
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address && typeof address === 'object') process.send?.(address.port)
})
