import { Refusal } from '../domain/refusal.ts'
import { smartEncode } from '../domain/smart-encoding.ts'
import { loadMessageCallbacks } from '../store/message-callbacks.ts'
import type { PoolRoute } from '../store/pools.ts'
import type { Sms, SmsSettings } from '../store/sms.ts'
import { type Act, act } from './act.ts'
import { numberChooser } from './choose-numbers.ts'
import type { Core } from './core.ts'
import { ownedPairs, scopesOf, sendTexts } from './inbox/send-texts.ts'
import { scopeOf } from './opt-outs.ts'
import { statusCall } from './progress.ts'
import { roomInSchedule, scheduledSms } from './schedule-text.ts'
import { loadSpeaking } from './threads/speaking.ts'
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
    const answers = requests.map((request, at) => send(request, numbers[at] ?? null))
    book.store()
    speaking.sessions.store(step)
    return answers

    function send(request: SendRequest, number: string | null): SendAnswer {
      const pool = request.poolId === null ? null : pools.get(request.poolId)
      if (pool === undefined) return refused('pool_unknown', `There is no pool ${request.poolId}.`)
      if (pool && !pool.numbers.includes(number ?? '')) return refusedByPool(pool, number)
      const callback = request.applicationId === null ? '' : callbacks.get(request.applicationId)
      if (callback === undefined) return refused('application_unknown', 'There is no such application.')
      const statusCallback = request.statusCallback || callback || pool?.settings.statusCallback || null
      const validForMs = request.validForMs ?? pool?.settings.validForMs ?? DEFAULT_VALIDITY_MS
      const isSmart = request.isSmartEncoded ?? pool?.settings.smartEncoding ?? false
      const body = isSmart ? smartEncode(request.body) : request.body
      if (pool && request.sendAt) {
        if (!room.take()) return refused('schedule_full', 'Too many texts are scheduled.')
        return { kind: 'scheduled', sms: scheduledSms(step, { ...request, body, statusCallback, validForMs }) }
      }
      const route = routes.get(number ?? '')
      if (!route) return refused('number_unknown', `${number} is not a number of this account.`, { number })
      const { person, mediaUrls } = request
      if (mediaUrls.length > 0 && route.settings.mms === false) {
        return refused('mms_unsupported', `${number} cannot send media.`, { number })
      }
      if (speaking.optOuts.isBlocked({ scope: scopeOf(route), person })) {
        return refused('opted_out', 'Attempt to send to unsubscribed recipient')
      }
      const validUntil = new Date(step.now.getTime() + validForMs)
      const [sms] = sendTexts(speaking, [
        {
          origin: 'api',
          route,
          person,
          body,
          mediaUrls,
          statusCallback,
          poolId: request.poolId,
          settings: request.settings,
          validUntil,
        },
      ])
      if (!sms) throw new Error('A text was not queued.')
      if (!pool || request.number !== null) return { kind: 'queued', sms }
      if (statusCallback) step.addCall(statusCall(step, sms))
      return { kind: 'accepted', sms }
    }
  })
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

function refusedByPool(pool: PoolRoute, number: string | null): SendAnswer {
  if (pool.numbers.length === 0) return refused('pool_empty', 'The pool has no numbers.')
  return refused('number_not_in_pool', `${number} is not in the pool.`)
}

function refused(...refusal: ConstructorParameters<typeof Refusal>): SendAnswer {
  return { kind: 'refused', refusal: new Refusal(...refusal) }
}
