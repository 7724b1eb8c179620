import { errorMessageOf } from '../../domain/error-codes.ts'
import { countSegments } from '../../domain/segments.ts'
import type { Sms } from '../../domain/sms.ts'
import type { SenderRoute } from '../../store/numbers.ts'
import { loadDueScheduled, releaseSms } from '../../store/scheduled-sms.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import { ownedPairs, sayInThread } from '../inbox/send-texts.ts'
import { scopeOf } from '../opt-outs/opt-outs.ts'
import { progress, statusCall } from '../receipts/progress.ts'
import type { Act } from '../step.ts'
import { loadSpeaking, type Speaking } from '../threads/speaking.ts'
import { ThreadBook } from '../threads/thread-book.ts'
import { senderChooser } from './choose-senders.ts'
import { SenderRoutes } from './sender-routes.ts'

const MAX_TEXTS_AN_ACT = 200
/** Source: Twilio, error 21703: the messaging service has no phone number available to send a message. */
const NO_SENDER = 21703
const OPTED_OUT = 21610

/**
 * Queues scheduled texts whose hour has come: their pool chooses a sender now. One whose person has said stop since
 * fails. True when there may be more.
 */
export async function releaseScheduled(core: Core, accountId: string): Promise<boolean> {
  return act(core, accountId, async step => {
    const due = await step.load<Sms>(loadDueScheduled, [accountId, step.now, MAX_TEXTS_AN_ACT])
    if (due.length === 0) return false
    const routes = await chosenRoutes(step, due)
    const reached = due.flatMap(({ id, person }) => {
      const route = routes.get(id)
      return route ? [{ person, number: route.number, scope: scopeOf(route) }] : []
    })
    const numbers = await step.numberRoutes(
      [...routes.values()].flatMap(({ kind, number }) => (kind === 'name' ? [] : number)),
    )
    const pairs = reached.filter(({ number }) => numbers.has(number))
    const book = await ThreadBook.load(step, { pairs: ownedPairs(pairs, numbers) })
    const speaking = await loadSpeaking(step, book, { pairs, scopes: reached })
    for (const sms of due) {
      const route = routes.get(sms.id)
      if (!route) fail(step, sms, NO_SENDER)
      else if (speaking.optOuts.isBlocked({ scope: scopeOf(route), person: sms.person })) fail(step, sms, OPTED_OUT)
      else release(speaking, sms, route)
    }
    book.store()
    speaking.sessions.store(step)
    return due.length === MAX_TEXTS_AN_ACT
  })
}

/** What each text leaves from, by the text's id: as it asked if that is still in the pool, or as the pool chooses. */
async function chosenRoutes(step: Act, due: Sms[]): Promise<Map<string, SenderRoute>> {
  const pools = await step.poolRoutes(due.flatMap(({ poolId }) => poolId ?? []))
  const { names } = await step.senders()
  const texts = due.map(({ person, poolId, mediaCount }) => ({
    person,
    poolId: poolId ?? '',
    hasMedia: mediaCount > 0,
  }))
  const chooser = await senderChooser(
    step,
    pools,
    texts.filter(text => pools.has(text.poolId)),
  )
  const chosen = due.map(({ poolId, settings }, at) => {
    const asked = settings?.from
    const isIn = (sender: string) =>
      pools.get(poolId ?? '')?.numbers.includes(sender) ||
      names.some(name => name.poolId === poolId && name.number === sender)
    return asked !== undefined && isIn(asked) ? asked : chooser.choose(texts[at]!)
  })
  const routes = await SenderRoutes.load(
    step,
    chosen.flatMap(sender => sender ?? []),
  )
  const found = new Map<string, SenderRoute>()
  due.forEach(({ id, poolId }, at) => {
    const route = routes.get(chosen[at] ?? null, poolId)
    if (route) found.set(id, route)
  })
  return found
}

function release(speaking: Speaking, sms: Sms, route: SenderRoute): void {
  const { step, sessions } = speaking
  const thread = sayInThread(speaking, { route, person: sms.person, body: sms.body })
  const validForMs = sms.settings?.validForMs
  Object.assign(sms, {
    ...thread,
    number: route.number,
    carrier: route.carrier,
    status: 'queued',
    segments: sms.mediaCount > 0 ? 1 : countSegments(sms.body),
    nextAttemptAt: step.now,
    validUntil: validForMs === undefined ? null : new Date(step.now.getTime() + validForMs),
    updatedAt: step.now,
    version: step.tick(),
  } satisfies Partial<Sms>)
  step.changes.add(releaseSms, sms)
  step.requeue(sms)
  if (route.kind !== 'name') sessions.touch(sms.person, route.number, step.now)
  if (sms.statusCallback) step.addCall(statusCall(step, sms))
}

function fail(step: Act, sms: Sms, errorCode: number): void {
  progress(step, sms, [{ status: 'failed', errorCode, errorMessage: errorMessageOf(errorCode), nextAttemptAt: null }])
}
