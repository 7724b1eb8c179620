import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { elapsedMs } from '../../domain/clock.ts'
import { openPhoneServer, type PhoneRecord } from './phone-server.ts'

const LOOK_EVERY_MS = 400
/** How long a phone that reads from a pipe waits for replies after the last of them. */
const QUIET_MS = 2_000

const HELP = `Type a text to send it.
/to +15550001000    whom to text
/photo URL [text]   send a picture
/numbers            the numbers of the account
/quit               end`

export interface PhoneOptions {
  /** Base URL, such as http://127.0.0.1:8080. */
  server: string
  /** The person's phone. */
  phone: string
  /** The number to text; the account's first when absent. */
  to?: string
  accountSid: string
  authToken: string
  input: Readable & { isTTY?: boolean }
  output: Writable
}

/**
 * A phone in the terminal: each line of input is a text to send, replies appear within half a second. Ends at /quit or
 * with its input; from a pipe, once no reply has come for two seconds. Resolves to whether all went well.
 */
export async function runPhone(options: PhoneOptions): Promise<boolean> {
  const { phone, input, output } = options
  const isLive = input.isTTY === true
  const server = openPhoneServer(options)
  const lines = createInterface({ input, output: isLive ? output : undefined, prompt: '> ', terminal: isLive })
  // Before anything is awaited: lines that come earlier than their reader are lost.
  const typed = lines[Symbol.asyncIterator]()
  let to = options.to
  let shown = 0
  let lastHeardMs = 0
  let isFine = true
  let isOver = false

  function print(text: string): void {
    output.write(isLive ? `\r\x1b[K${text}\n` : `${text}\n`)
    if (isLive && !isOver) lines.prompt(true)
  }

  function fail(error: unknown): void {
    isFine = false
    print(`! ${error instanceof Error ? error.message : String(error)}`)
  }

  /** Prints what is new in the phone's log. */
  async function look(): Promise<void> {
    const records = await server.recordsOf(phone)
    const fresh = records.slice(shown)
    shown = records.length
    for (const record of fresh) print(spell(record))
    if (fresh.length > 0) lastHeardMs = elapsedMs()
  }

  async function obey(line: string): Promise<void> {
    const [word = '', ...rest] = line.split(/\s+/)
    if (line === '') return
    if (!line.startsWith('/')) return say({ body: line })
    if (word === '/to' && rest[0]) {
      to = rest[0]
      return print(`Texting ${to}.`)
    }
    if (word === '/photo' && rest[0]) return say({ body: rest.slice(1).join(' '), mediaUrls: [rest[0]] })
    if (word === '/numbers') return print((await server.numbers()).join('\n'))
    print(HELP)
  }

  async function say(text: { body: string; mediaUrls?: string[] }): Promise<void> {
    if (to === undefined) throw new Error('Nobody to text: /to +15550001000')
    await server.send({ from: phone, to, ...text })
    await look()
  }

  async function lookOn(): Promise<void> {
    while (!isOver) {
      await pause(LOOK_EVERY_MS)
      // Between two lines of input only: a text just sent is printed by the one that sent it.
      if (!isOver) await turn(look).catch(fail)
    }
  }

  let lastTurn: Promise<unknown> = Promise.resolve()
  function turn<T>(act: () => Promise<T>): Promise<T> {
    const done = lastTurn.then(act)
    lastTurn = done.catch(() => {})
    return done
  }

  try {
    shown = (await server.recordsOf(phone)).length
    to ??= (await server.numbers())[0]
    print(`${phone} texting ${to ?? 'nobody'}. /help tells more.`)
  } catch (error) {
    isOver = true
    lines.close()
    fail(error)
    return false
  }

  const looking = lookOn()
  for await (const line of typed) {
    if (line.trim() === '/quit') break
    await turn(() => obey(line.trim())).catch(fail)
  }
  if (!isLive) await untilQuiet(() => lastHeardMs)
  isOver = true
  lines.close()
  await looking
  return isFine
}

async function untilQuiet(lastHeardMs: () => number): Promise<void> {
  for (const startMs = elapsedMs(); ; await pause(LOOK_EVERY_MS)) {
    if (elapsedMs() - Math.max(startMs, lastHeardMs()) >= QUIET_MS) return
  }
}

function spell({ direction, from, to, body, mediaUrls, at }: PhoneRecord): string {
  const whom = direction === 'received' ? `← ${from}` : `→ ${[to].flat().join(', ')}`
  return [`${timeOf(at)}  ${whom}  ${body}`, ...mediaUrls.map(url => `          [${shorten(url)}]`)].join('\n')
}

function timeOf(at: string): string {
  return new Date(at).toLocaleTimeString('en-GB', { hour12: false })
}

/** A picture in a data: URL would fill the screen. */
function shorten(url: string): string {
  return url.length > 100 ? `${url.slice(0, 60)}... ${url.length} characters` : url
}
