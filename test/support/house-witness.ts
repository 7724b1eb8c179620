import { setTimeout as pause } from 'node:timers/promises'
import { ACCOUNT_SID, type PhoneText } from './test-house.ts'
import { AUTHORIZATION } from './texting-phones.ts'

/** A call as `GET /v1/calls` shows it. */
export interface SeenCall {
  sms: string
  number: string
  person: string
  state: string
  parameters: Record<string, string>
}

/** A text as Twilio's Messages list shows it. */
export interface SeenMessage {
  sid: string
  direction: string
  from: string
  to: string
  body: string
  status: string
}

/** All that an account can see of a Heddle from outside, oldest first. */
export interface Seen {
  calls: SeenCall[]
  messages: SeenMessage[]
}

const POLL_MS = 200
/** Unchanged for so long, and nothing waits: it is over. */
const QUIET_POLLS = 5

/** Waits until all that was queued is carried out, then tells all that can be seen. Throws when it is never over. */
export async function seeWhenQuiet(url: string, withinMs: number): Promise<Seen> {
  const deadline = Date.now() + withinMs
  let last = ''
  let quietPolls = 0
  for (;;) {
    const seen = await see(url)
    const waiting = [
      ...seen.calls.filter(call => call.state === 'waiting').map(call => `call for ${call.sms}`),
      ...seen.messages.filter(message => message.status === 'queued').map(message => `text ${message.sid}`),
    ]
    const state = JSON.stringify(seen)
    quietPolls = waiting.length === 0 && state === last ? quietPolls + 1 : 0
    last = state
    if (quietPolls >= QUIET_POLLS) return seen
    if (Date.now() > deadline) throw new Error(`Not over: ${waiting.length} wait: ${waiting.slice(0, 5).join(', ')}`)
    await pause(POLL_MS)
  }
}

async function see(url: string): Promise<Seen> {
  return { calls: (await allCalls(url)).reverse(), messages: (await allMessages(url)).reverse() }
}

async function allCalls(url: string): Promise<SeenCall[]> {
  const calls: SeenCall[] = []
  let before = ''
  for (;;) {
    const page = await get<{ records: SeenCall[]; next: number | null }>(
      `${url}/v1/calls?kind=inbound&limit=1000${before}`,
    )
    calls.push(...page.records)
    if (page.next === null) return calls
    before = `&before=${page.next}`
  }
}

async function allMessages(url: string): Promise<SeenMessage[]> {
  const messages: SeenMessage[] = []
  let next: string | null = `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages.json?PageSize=1000`
  while (next) {
    const page: { messages: SeenMessage[]; next_page_uri: string | null } = await get(url + next)
    messages.push(...page.messages)
    next = page.next_page_uri
  }
  return messages
}

/** What a phone shows, oldest first. */
export async function phoneTexts(url: string, phone: string): Promise<PhoneText[]> {
  const { records } = await get<{ records: PhoneText[] }>(
    `${url}/simulator/phones/${encodeURIComponent(phone)}/messages`,
  )
  return records
}

async function get<T>(url: string): Promise<T> {
  const response = await fetch(url, { headers: { authorization: AUTHORIZATION } })
  if (response.status !== 200) throw new Error(`GET ${url} was answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as T
}
