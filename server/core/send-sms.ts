import { Refusal } from '../domain/refusal.ts'
import { smartEncode } from '../domain/smart-encoding.ts'
import type { Sms, SmsSettings } from '../domain/sms.ts'
import { loadMessageCallbacks } from '../store/message-callbacks.ts'
import type { NumberRoute } from '../store/numbers.ts'
import type { PoolRoute } from '../store/pools.ts'
import { act } from './act.ts'
import { numberChooser } from './choose-numbers.ts'
import type { Core } from './core.ts'
import { ownedPairs, scopesOf, sendTexts } from './inbox/send-texts.ts'
import { scopeOf } from './opt-outs.ts'
import { statusCall } from './progress.ts'
import { roomInSchedule, scheduledSms } from './schedule-text.ts'
import type { Act } from './step.ts'
import { loadSpeaking, type Speaking } from './threads/speaking.ts'
import { ThreadBook } from './threads/thread-book.ts'

/** A text that a program asks for, its shape checked already. */
export interface SendRequest {
  person: string
  /** Ours; null: the pool chooses. */
  number: string | null
  poolId: string | null
  body: string
  mediaUrls: string[]
  /** Goes before those of the application and the pool. */
  statusCallback: string | null
  applicationId: string | null
  /** How long the text may wait for its carrier; null: as the pool says, else ten hours. */
  validForMs: number | null
  /** Counts only with a pool. */
  sendAt: Date | null
  /** Look-alikes become GSM-7; null: as the pool says. */
  isSmartEncoded: boolean | null
  settings: SmsSettings | null
}

/** `accepted`: the pool chose the number while the text was taken, which its sender hears by callback. */
export type SendAnswer = { kind: 'queued' | 'accepted' | 'scheduled'; sms: Sms } | { kind: 'refused'; refusal: Refusal }

/** Source: Twilio, Messages resource, ValidityPeriod. */
const DEFAULT_VALIDITY_MS = 36_000_000

/**
 * Sends texts for programs, in the order given; one answer each. Refuses, each text for itself: `pool_unknown`,
 * `pool_empty`, `number_not_in_pool`, `application_unknown`, `schedule_full`, `number_unknown`, `mms_unsupported`,
 * `opted_out`.
 */
export async function sendSms(core: Core, accountId: string, requests: SendRequest[]): Promise<SendAnswer[]> {
  return act(core, accountId, async step => {
    const pools = await step.poolRoutes(requests.flatMap(({ poolId }) => poolId ?? []))
    const callbacks = await applicationCallbacks(step, requests)
    const room = await roomInSchedule(step, requests)
    const unnumbered = requests.flatMap(({ poolId, number, person }) =>
      poolId && number === null ? [{ poolId, person }] : [],
    )
    const chooser = await numberChooser(step, pools, unnumbered)
    const numbers = requests.map(({ poolId, number, person }) =>
      poolId && number === null ? chooser.choose({ poolId, person }) : number,
    )
    const routes = await step.numberRoutes(numbers.flatMap(number => number ?? []))
    const pairs = requests.flatMap(({ person }, at) => {
      const route = routes.get(numbers[at] ?? '')
      return route ? [{ person, number: route.number }] : []
    })
    const book = await ThreadBook.load(step, { pairs: ownedPairs(pairs, routes) })
    const speaking = await loadSpeaking(step, book, { pairs, scopes: scopesOf(pairs, routes) })
    const known: Known = { step, pools, routes, callbacks, room, speaking }
    const answers = requests.map((request, at) => send(known, request, numbers[at] ?? null))
    book.store()
    speaking.sessions.store(step)
    return answers
  })
}

/** What was read for all texts of the act. */
interface Known {
  step: Act
  pools: Map<string, PoolRoute>
  routes: Map<string, NumberRoute>
  /** Where applications want statuses told, by the application's id; empty where they do not. */
  callbacks: Map<string, string>
  room: { take(): boolean }
  speaking: Required<Speaking>
}

/** `number`: the one asked for, or the pool's choice. */
function send(known: Known, request: SendRequest, number: string | null): SendAnswer {
  const { step, pools, speaking } = known
  const refusal = refusalOf(known, request, number)
  if (refusal) return { kind: 'refused', refusal }
  const { person, mediaUrls, poolId, settings } = request
  const pool = poolId === null ? null : pools.get(poolId)
  const statusCallback =
    request.statusCallback || known.callbacks.get(request.applicationId ?? '') || pool?.settings.statusCallback || null
  const validForMs = request.validForMs ?? pool?.settings.validForMs ?? DEFAULT_VALIDITY_MS
  const isSmart = request.isSmartEncoded ?? pool?.settings.smartEncoding ?? false
  const body = isSmart ? smartEncode(request.body) : request.body
  if (pool && request.sendAt) {
    return { kind: 'scheduled', sms: scheduledSms(step, { ...request, body, statusCallback, validForMs }) }
  }
  const route = known.routes.get(number ?? '')
  const validUntil = new Date(step.now.getTime() + validForMs)
  const draft = { origin: 'api' as const, person, body, mediaUrls, statusCallback, poolId, settings, validUntil }
  const [sms] = route ? sendTexts(speaking, [{ ...draft, route }]) : []
  if (!sms) throw new Error('A text was not queued.')
  if (!pool || request.number !== null) return { kind: 'queued', sms }
  if (statusCallback) step.addCall(statusCall(step, sms))
  return { kind: 'accepted', sms }
}

/** Why a text is not sent. One that waits for its hour is not held against its person's opt-out before. */
function refusalOf(known: Known, request: SendRequest, number: string | null): Refusal | null {
  const { poolId, applicationId, sendAt, person, mediaUrls } = request
  const pool = poolId === null ? null : known.pools.get(poolId)
  if (pool === undefined) return new Refusal('pool_unknown', `There is no pool ${poolId}.`)
  if (pool?.numbers.length === 0) return new Refusal('pool_empty', 'The pool has no numbers.')
  if (pool && !pool.numbers.includes(number ?? '')) {
    return new Refusal('number_not_in_pool', `${number} is not in the pool.`)
  }
  if (applicationId !== null && !known.callbacks.has(applicationId)) {
    return new Refusal('application_unknown', 'There is no such application.')
  }
  if (pool && sendAt) return known.room.take() ? null : new Refusal('schedule_full', 'Too many texts are scheduled.')
  const route = known.routes.get(number ?? '')
  if (!route) return new Refusal('number_unknown', `${number} is not a number of this account.`, { number })
  if (mediaUrls.length > 0 && route.settings.mms === false) {
    return new Refusal('mms_unsupported', `${number} cannot send media.`, { number })
  }
  return known.speaking.optOuts.isBlocked({ scope: scopeOf(route), person })
    ? new Refusal('opted_out', 'Attempt to send to unsubscribed recipient')
    : null
}

async function applicationCallbacks(step: Act, requests: SendRequest[]): Promise<Map<string, string>> {
  const asked = new Set(requests.flatMap(({ applicationId }) => applicationId ?? []))
  if (asked.size === 0) return new Map()
  const rows = await step.load<{ id: string; messageStatusCallback: string }>(loadMessageCallbacks, [
    step.accountId,
    JSON.stringify([...asked]),
  ])
  return new Map(rows.map(row => [row.id, row.messageStatusCallback]))
}
