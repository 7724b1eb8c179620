import { ACCOUNT_LANE } from '../domain/lane.ts'
import { insertCall } from '../store/calls.ts'
import { Changes } from '../store/changes.ts'
import { type ClaimedLane, lowerLanes } from '../store/lanes.ts'
import { insertSms } from '../store/sms.ts'
import { transact } from '../store/transaction.ts'
import type { Core, Queued } from './core.ts'
import { knowTerms } from './sending/send-terms.ts'
import type { Act } from './step.ts'
import { tellOthers } from './threads/tell-others.ts'
import type { PairsOfAct, ThreadEvent, UserEvent } from './threads/thread-events.ts'

/**
 * Runs one act: locks the account, lets `decide` load and decide, writes everything in one statement, commits, and
 * then hands what was queued to those who carry it out. Nothing is written when `decide` throws.
 */
export async function act<T>(core: Core, accountId: string, decide: (act: Act) => Promise<T>): Promise<T> {
  const queued: Queued = { accountId, since: 0, clock: 0, sms: [], calls: [], missed: [], claimed: [] }
  const startedAtMs = core.clock.machineMs()
  let threadId: string | undefined
  let hasChanged = false
  const transaction = transact<T, ClaimedLane>(core.db, accountId, async tx => {
    // An act that runs again, because another node wrote meanwhile, begins with nothing.
    queued.sms.length = 0
    queued.calls.length = 0
    queued.missed.length = 0
    const changes = new Changes()
    const dueAt = new Map<string, Date>()
    let clock = tx.clock
    const due = (lane: string, at: Date) => {
      const known = dueAt.get(lane)
      if (!known || at < known) dueAt.set(lane, at)
    }
    const events: ThreadEvent[] = []
    const userEvents: UserEvent[] = []
    const pairs: PairsOfAct = { taken: [], moved: [], freed: [] }
    const step: Act = {
      accountId,
      now: core.clock.world(),
      changes,
      tick: () => ++clock,
      load: tx.load,
      lookUp: tx.lookUp,
      numberRoutes: numbers => core.settings.numberRoutes(accountId, tx, numbers),
      poolRoutes: ids => core.settings.poolRoutes(accountId, tx, ids),
      ownerSettings: () => core.settings.owner(accountId, tx),
      senders: () => core.settings.senders(accountId, tx),
      services: ids => core.settings.services(accountId, tx, ids),
      addressRules: addresses => core.settings.addressRules(accountId, tx, addresses),
      webhooks: () => core.settings.webhooks(accountId, tx),
      addSms: sms => {
        changes.add(insertSms, sms)
        step.requeue(sms)
      },
      requeue: sms => {
        if (!sms.nextAttemptAt) return
        due(sms.number ?? ACCOUNT_LANE, sms.nextAttemptAt)
        if (sms.number) queued.sms.push(sms)
      },
      addCall: call => {
        changes.add(insertCall, call)
        if (!call.nextAttemptAt) return
        due(call.lane, call.nextAttemptAt)
        queued.calls.push(call)
      },
      tell: event => events.push(event),
      taken: (pair, isMoved) => (isMoved ? pairs.moved : pairs.taken).push(pair),
      givenBack: pair => pairs.freed.push(pair),
      tellOfUser: event => userEvents.push(event),
      due: (lane, at) => {
        due(lane, at)
        if (at <= step.now) queued.missed.push(lane)
      },
    }
    const result = await decide(step)
    if (queued.sms.length > 0) await knowTerms(core, accountId, tx, queued.sms)
    const [event] = events
    threadId = event && ('thread' in event ? event.thread.id : event.threadId)
    if (events.length + userEvents.length > 0) await tellOthers(core, step, { events, userEvents, pairs })
    for (const [lane, at] of dueAt) changes.add(lowerLanes, { lane, dueAt: at, node: core.nodeId })
    // Every act that writes moves the clock: by that other nodes see that what they have read is out of date.
    if (!changes.isEmpty && clock === tx.clock) step.tick()
    queued.since = tx.clock
    queued.clock = clock
    hasChanged = !changes.isEmpty
    return { result, changes, clock, returning: lowerLanes as never }
  })
  try {
    const { result, returned } = await transaction
    for (const row of returned) if (row.node === core.nodeId) queued.claimed.push(row.lane)
    if (hasChanged) core.carry(queued)
    observe('written')
    return result
  } catch (error) {
    observe(error instanceof Error ? error.name : 'failed')
    throw error
  }

  function observe(outcome: string): void {
    const { clock, sms, calls } = queued
    const ms = core.clock.machineMs() - startedAtMs
    core.observe({ kind: 'act', outcome, ms, accountId, threadId, clock, texts: sms.length, calls: calls.length })
  }
}
