import { errorMessageOf } from '../../domain/error-codes.ts'
import { type Priority, RANK_OF } from '../../domain/priority.ts'
import { Refusal } from '../../domain/refusal.ts'
import { smartEncode } from '../../domain/smart-encoding.ts'
import type { Sms, SmsSettings } from '../../domain/sms.ts'
import type { AccountSettings } from '../../store/account-settings.ts'
import { loadMessageCallbacks } from '../../store/message-callbacks.ts'
import type { PoolRoute } from '../../store/pools.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import { ownedPairs, sendTexts } from '../inbox/send-texts.ts'
import { scopeOf } from '../opt-outs/opt-outs.ts'
import { statusCall } from '../receipts/progress.ts'
import type { AccountSenders } from '../settings-cache.ts'
import type { Act } from '../step.ts'
import { loadSpeaking, type Speaking } from '../threads/speaking.ts'
import { ThreadBook } from '../threads/thread-book.ts'
import { senderChooser } from './choose-senders.ts'
import { QueueRoom } from './queue-room.ts'
import { DEFAULT_VALIDITY_MS } from './queue-texts.ts'
import { refusalOfPerson, refusalOfPool, refusalOfSender } from './refuse-text.ts'
import { roomInSchedule, scheduledSms } from './schedule-text.ts'
import { SenderRoutes } from './sender-routes.ts'

/** A text that a program asks for, its shape checked already. */
export interface SendRequest {
  person: string
  /** A number of ours or a name; null: the pool chooses. */
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
  /** As the pool or the number says unless said here. */
  priority?: Priority | null
  /** Look-alikes become GSM-7; null: as the pool says. */
  isSmartEncoded: boolean | null
  settings: SmsSettings | null
}

/** `accepted`: the pool chose the number while the text was taken, which its sender hears by callback. */
export type SendAnswer = { kind: 'queued' | 'accepted' | 'scheduled'; sms: Sms } | { kind: 'refused'; refusal: Refusal }

/** Source: Twilio, error 30001: of a pool the text is taken, and fails. */
const OVERFLOW = { errorCode: 30001, errorMessage: errorMessageOf(30001) }

/**
 * Sends texts for programs, in the order given; one answer each. Refuses, each text for itself: `pool_unknown`,
 * `pool_not_sending`, `pool_empty`, `number_not_in_pool`, `pool_unfit`, `application_unknown`, `region_not_allowed`,
 * `person_not_allowed`, `person_unreachable`, `schedule_full`, `number_unknown`, `sms_unsupported`, `mms_unsupported`,
 * `pair_unreachable`, `queue_full`, `opted_out`.
 */
export async function sendSms(core: Core, accountId: string, requests: SendRequest[]): Promise<SendAnswer[]> {
  return act(core, accountId, async step => {
    const pools = await step.poolRoutes(requests.flatMap(({ poolId }) => poolId ?? []))
    const callbacks = await applicationCallbacks(step, requests)
    const schedule = await roomInSchedule(step, requests)
    const senders = await chooseSenders(step, pools, requests)
    const routes = await SenderRoutes.load(
      step,
      senders.flatMap(sender => sender ?? []),
    )
    const reached = requests.flatMap(({ person, poolId }, at) => {
      const route = routes.get(senders[at] ?? null, poolId)
      return route ? [{ person, number: route.number, scope: scopeOf(route) }] : []
    })
    const pairs = reached.filter(({ number }) => routes.numbers().has(number))
    const book = await ThreadBook.load(step, { pairs: ownedPairs(pairs, routes.numbers()) })
    const known: Known = {
      step,
      pools,
      routes,
      callbacks,
      schedule,
      queue: await QueueRoom.load(
        step,
        reached.map(({ number }) => number),
      ),
      rules: await step.ownerSettings(),
      senders: await step.senders(),
      speaking: await loadSpeaking(step, book, { pairs, scopes: reached }),
    }
    const answers = requests.map((request, at) => send(known, request, senders[at] ?? null))
    book.store()
    known.speaking.sessions.store(step)
    return answers
  })
}

/** What each text leaves from: as it asked, or as its pool chooses. */
async function chooseSenders(
  step: Act,
  pools: Map<string, PoolRoute>,
  requests: SendRequest[],
): Promise<(string | null)[]> {
  const texts = requests.map(({ poolId, number, person, mediaUrls }) =>
    poolId && number === null ? { poolId, person, hasMedia: mediaUrls.length > 0 } : null,
  )
  const chooser = await senderChooser(
    step,
    pools,
    texts.flatMap(text => text ?? []),
  )
  return requests.map(({ number }, at) => {
    const text = texts[at]
    return text ? chooser.choose(text) : number
  })
}

/** What was read for all texts of the act. */
interface Known {
  step: Act
  pools: Map<string, PoolRoute>
  routes: SenderRoutes
  /** Where applications want statuses told, by the application's id; empty where they do not. */
  callbacks: Map<string, string>
  schedule: { take(): boolean }
  queue: QueueRoom
  rules: AccountSettings
  senders: AccountSenders
  speaking: Required<Speaking>
}

/** `sender`: the number or name asked for, or the pool's choice. */
function send(known: Known, request: SendRequest, sender: string | null): SendAnswer {
  const { step, pools, speaking, queue } = known
  const refusal = refusalOf(known, request, sender)
  if (refusal) return { kind: 'refused', refusal }
  const { person, mediaUrls, poolId, settings } = request
  const pool = poolId === null ? null : pools.get(poolId)
  const statusCallback =
    request.statusCallback || known.callbacks.get(request.applicationId ?? '') || pool?.settings.statusCallback || null
  const validForMs = request.validForMs ?? pool?.settings.validForMs ?? DEFAULT_VALIDITY_MS
  const isSmart = request.isSmartEncoded ?? pool?.settings.smartEncoding ?? false
  const priority = request.priority ?? pool?.settings.priority ?? null
  const body = isSmart ? smartEncode(request.body) : request.body
  if (pool && request.sendAt) {
    const rank = RANK_OF[priority ?? 'normal']
    return { kind: 'scheduled', sms: scheduledSms(step, { ...request, body, statusCallback, validForMs, rank }) }
  }
  const route = known.routes.get(sender, poolId)
  const validUntil = new Date(step.now.getTime() + validForMs)
  const draft = {
    origin: 'api' as const,
    person,
    body,
    mediaUrls,
    statusCallback,
    poolId,
    settings,
    validUntil,
    ...(priority && { priority }),
  }
  const failure = route && !queue.hasRoom(route.number) ? { failure: OVERFLOW } : {}
  const [sms] = route ? sendTexts(speaking, [{ ...draft, ...failure, route }]) : []
  if (!sms) throw new Error('A text was not queued.')
  queue.take(sms.number ?? '')
  if (!pool || request.number !== null) return { kind: 'queued', sms }
  if (statusCallback) step.addCall(statusCall(step, sms))
  return { kind: 'accepted', sms }
}

/** Why a text is not sent. One that waits for its hour is not held against its person's opt-out before. */
function refusalOf(known: Known, request: SendRequest, sender: string | null): Refusal | null {
  const { poolId, applicationId, sendAt, person, mediaUrls, number } = request
  const { pools, senders, rules, queue, speaking } = known
  const pool = poolId === null ? null : pools.get(poolId)
  if (pool === undefined) return new Refusal('pool_unknown', `There is no pool ${poolId}.`)
  const ofPool = pool && refusalOfPool(pool, senders, { from: number, chosen: sender })
  if (ofPool) return ofPool
  if (applicationId !== null && !known.callbacks.has(applicationId)) {
    return new Refusal('application_unknown', 'There is no such application.')
  }
  const ofPerson = refusalOfPerson(rules, senders, person)
  if (ofPerson) return ofPerson
  const route = known.routes.get(sender, poolId)
  if (!route) return new Refusal('number_unknown', `${sender} is not a number of this account.`, { number: sender })
  const ofSender = refusalOfSender(route, senders, { person, hasMedia: mediaUrls.length > 0 })
  if (ofSender) return ofSender
  if (pool && sendAt)
    return known.schedule.take() ? null : new Refusal('schedule_full', 'Too many texts are scheduled.')
  // A pool's text is taken all the same, and fails: see OVERFLOW.
  if (number !== null && !queue.hasRoom(number)) {
    return new Refusal('queue_full', `Too many texts wait on ${number}.`, { number })
  }
  return speaking.optOuts.isBlocked({ scope: scopeOf(route), person })
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
