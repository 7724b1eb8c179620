import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Whether Debian's libnet-smpp-perl is there. */
export const hasNetSmpp = spawnSync('perl', ['-MNet::SMPP', '-e', '1']).status === 0

/** Octets on the wire, in hexadecimal. */
export interface WireText {
  source: string
  destination: string
  coding: number
  class: number
  octets: string
}

export interface PerlSmsc {
  port: number
  submits: WireText[]
  /** Links that were bound so far. */
  readonly bound: number
  /** Sends a text; the status of the answer, null when the link ended before. */
  deliver(text: WireText): Promise<number | null>
  drop(): void
  until(what: () => boolean): Promise<void>
  close(): Promise<void>
}

type Line = Partial<{ port: number; bound: string; dropped: 1; sent: number; submit: WireText }> & {
  answer?: number
  status?: number
}

/** An SMSC on Net::SMPP in a process of its own. */
export async function openPerlSmsc(): Promise<PerlSmsc> {
  const path = fileURLToPath(new URL('./smsc.pl', import.meta.url))
  const child = spawn('perl', [path], { stdio: ['pipe', 'pipe', 'inherit'] })
  const looks = new Set<() => void>()
  const sending: ((status: number | null) => void)[] = []
  const answers = new Map<number, (status: number | null) => void>()
  let bound = 0
  let port = 0
  let rest = ''

  function take(line: Line): void {
    if (line.port !== undefined) port = line.port
    if (line.bound !== undefined) bound++
    if (line.submit) smsc.submits.push(line.submit)
    if (line.sent !== undefined) answers.set(line.sent, sending.shift() ?? (() => {}))
    if (line.answer !== undefined) {
      answers.get(line.answer)?.(line.status ?? 0)
      answers.delete(line.answer)
    }
    if (line.dropped) {
      for (const answer of answers.values()) answer(null)
      answers.clear()
    }
    for (const look of looks) look()
  }

  child.stdout.on('data', chunk => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) take(JSON.parse(line))
  })

  const smsc: PerlSmsc = {
    get port() {
      return port
    },
    get bound() {
      return bound
    },
    submits: [],
    deliver(text) {
      return new Promise(resolve => {
        sending.push(resolve)
        child.stdin.write(`${JSON.stringify({ deliver: text })}\n`)
      })
    },
    drop() {
      child.stdin.write('{"drop":1}\n')
    },
    until(what) {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('It did not come to that.')), 20_000)
        const look = () => {
          if (!what()) return
          clearTimeout(timer)
          looks.delete(look)
          resolve()
        }
        looks.add(look)
        look()
      })
    },
    async close() {
      child.kill()
    },
  }
  await smsc.until(() => port > 0)
  return smsc
}
