/**
 * The load: a process of its own that sends prepared requests over raw sockets, so that it takes as little as possible
 * of the machine that is measured. One job, told by the parent process; one result; end.
 */
import { connect, type Socket } from 'node:net'

export interface Job {
  port: number
  connections: number
  /** Everything before the body but its length: request line and headers, each ended by CRLF. */
  head: string
  /** Heads of requests that differ in their paths, taken by turns; then `head` is not used. */
  heads?: string[]
  /** Sent one after another, from the start again when all are used up. */
  bodies: string[]
  status: number
  /** Without a rate each connection sends its next request when the last is answered. */
  perSecond?: number
  /** The run ends after so many requests, or so many seconds, whatever comes first. */
  count: number
  seconds: number
}

export interface Result {
  answers: number
  seconds: number
  failures: number
  firstFailure: string | null
  /** Milliseconds from when a request was to be sent until its answer was read. */
  p50: number
  p99: number
  max: number
}

interface Connection {
  socket: Socket
  sentAt: number
  heard: string
}

const TICK_MS = 1

process.once('message', (job: Job) => {
  run(job).then(
    result => process.send?.(result, () => process.disconnect()),
    error => {
      console.error(error)
      process.exit(1)
    },
  )
})

async function run(job: Job): Promise<Result> {
  const heads = job.heads ?? [job.head]
  const requests = Array.from({ length: Math.max(heads.length, job.bodies.length) }, (_, at) => {
    const body = job.bodies[at % job.bodies.length]!
    return Buffer.from(`${heads[at % heads.length]}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  })
  const idle = await Promise.all(Array.from({ length: job.connections }, () => open(job.port)))
  const all = [...idle]
  const latencies: number[] = []
  let sent = 0
  let unanswered = 0
  let failures = 0
  let firstFailure: string | null = null
  let lastAnswerAt = 0
  const startedAt = performance.now()
  const endsAt = startedAt + job.seconds * 1000

  await new Promise<void>((resolve, reject) => {
    for (const connection of all) {
      connection.socket.on('data', chunk => answer(connection, chunk.toString('latin1')))
      connection.socket.on('error', reject)
      connection.socket.on('close', () => reject(new Error('The server closed a connection.')))
    }
    const pacer = job.perSecond === undefined ? undefined : setInterval(keepPace, TICK_MS)
    if (!pacer) while (idle.length > 0 && sent < job.count) send(performance.now())

    function keepPace(): void {
      const due = Math.min(job.count, Math.floor(((performance.now() - startedAt) / 1000) * job.perSecond!))
      while (sent < due && idle.length > 0) send(startedAt + (sent / job.perSecond!) * 1000)
      endWhenDone()
    }

    function send(at: number): void {
      const connection = idle.pop()!
      connection.sentAt = at
      connection.socket.write(requests[sent++ % requests.length]!)
      unanswered += 1
    }

    function answer(connection: Connection, text: string): void {
      connection.heard += text
      if (!isWhole(connection.heard)) return
      lastAnswerAt = performance.now()
      latencies.push(lastAnswerAt - connection.sentAt)
      if (Number(connection.heard.slice(9, 12)) !== job.status) {
        failures += 1
        firstFailure ??= connection.heard
      }
      connection.heard = ''
      unanswered -= 1
      idle.push(connection)
      if (!pacer && sent < job.count && lastAnswerAt < endsAt) send(lastAnswerAt)
      endWhenDone()
    }

    function endWhenDone(): void {
      if (unanswered > 0 || (sent < job.count && performance.now() < endsAt)) return
      clearInterval(pacer)
      for (const { socket } of all) socket.removeAllListeners('close').destroy()
      resolve()
    }
  })

  latencies.sort((a, b) => a - b)
  const at = (share: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0
  return {
    answers: latencies.length,
    seconds: (lastAnswerAt - startedAt) / 1000,
    failures,
    firstFailure,
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
  }
}

function open(port: number): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve({ socket, sentAt: 0, heard: '' })
    })
    socket.once('error', reject)
  })
}

function isWhole(response: string): boolean {
  const headEnd = response.indexOf('\r\n\r\n')
  if (headEnd < 0) return false
  const length = /\r\ncontent-length: *(\d+)/i.exec(response.slice(0, headEnd))?.[1]
  if (length === undefined) throw new Error(`An answer without a length: ${response.slice(0, headEnd)}`)
  return response.length >= headEnd + 4 + Number(length)
}
