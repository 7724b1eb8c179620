import { errorMessageOf } from '../domain/error-codes.ts'
import { countSegments } from '../domain/segments.ts'
import type { Sms } from '../domain/sms.ts'
import type { NumberRoute } from '../store/numbers.ts'
import { loadDueScheduled, releaseSms } from '../store/scheduled-sms.ts'
import { act } from './act.ts'
import { numberChooser } from './choose-numbers.ts'
import type { Core } from './core.ts'
import { ownedPairs, sayInThread, scopesOf } from './inbox/send-texts.ts'
import { scopeOf } from './opt-outs.ts'
import { progress, statusCall } from './progress.ts'
import type { Act } from './step.ts'
import { loadSpeaking, type Speaking } from './threads/speaking.ts'
import { ThreadBook } from './threads/thread-book.ts'

const MAX_TEXTS_AN_ACT = 200
/** Source: Twilio, error 21704: the messaging service contains no phone numbers. */
const NO_NUMBER = 21704
const OPTED_OUT = 21610

/**
 * Queues scheduled texts whose hour has come: their pool chooses a number now. One whose person has said stop since
 * fails. True when there may be more.
 */
export async function releaseScheduled(core: Core, accountId: string): Promise<boolean> {
  return act(core, accountId, async step => {
    const due = await step.load<Sms>(loadDueScheduled, [accountId, step.now, MAX_TEXTS_AN_ACT])
    if (due.length === 0) return false
    const routes = await chosenRoutes(step, due)
    const pairs = due.flatMap(({ id, person }) => {
      const route = routes.get(id)
      return route ? [{ person, number: route.number }] : []
    })
    const byNumber = new Map([...routes.values()].map(route => [route.number, route]))
    const book = await ThreadBook.load(step, { pairs: ownedPairs(pairs, byNumber) })
    const speaking = await loadSpeaking(step, book, { pairs, scopes: scopesOf(pairs, byNumber) })
    for (const sms of due) {
      const route = routes.get(sms.id)
      if (!route) fail(step, sms, NO_NUMBER)
      else if (speaking.optOuts.isBlocked({ scope: scopeOf(route), person: sms.person })) fail(step, sms, OPTED_OUT)
      else release(speaking, sms, route)
    }
    book.store()
    speaking.sessions.store(step)
    return due.length === MAX_TEXTS_AN_ACT
  })
}

/** The number of each text, by the text's id: the one asked for if it is still in the pool, or one that the pool chooses. */
async function chosenRoutes(step: Act, due: Sms[]): Promise<Map<string, NumberRoute>> {
  const pools = await step.poolRoutes(due.flatMap(({ poolId }) => poolId ?? []))
  const texts = due.map(({ person, poolId }) => ({ person, poolId: poolId ?? '' }))
  const chooser = await numberChooser(
    step,
    pools,
    texts.filter(text => pools.has(text.poolId)),
  )
  const chosen = new Map<string, string>()
  for (const { id, person, poolId, settings } of due) {
    const asked = settings?.from
    const mayUse = asked !== undefined && pools.get(poolId ?? '')?.numbers.includes(asked)
    const number = mayUse ? asked : chooser.choose({ person, poolId: poolId ?? '' })
    if (number !== null && number !== undefined) chosen.set(id, number)
  }
  const routes = await step.numberRoutes(chosen.values())
  const found = new Map<string, NumberRoute>()
  for (const [id, number] of chosen) {
    const route = routes.get(number)
    if (route) found.set(id, route)
  }
  return found
}

function release(speaking: Speaking, sms: Sms, route: NumberRoute): void {
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
  sessions.touch(sms.person, route.number, step.now)
  if (sms.statusCallback) step.addCall(statusCall(step, sms))
}

function fail(step: Act, sms: Sms, errorCode: number): void {
  progress(step, sms, [{ status: 'failed', errorCode, errorMessage: errorMessageOf(errorCode), nextAttemptAt: null }])
}
