import type { FinishedCall } from '../core/calls/finish-calls.ts'
import type { Core } from '../core/core.ts'
import type { Doors } from '../core/doors.ts'
import type { AskedCall } from '../core/threads/finish-asked.ts'
import { NO_ANSWER } from '../core/threads/hook-answers.ts'
import type { Call } from '../domain/call.ts'
import { newId, sid, uuidOfSid } from '../domain/ids.ts'
import type { Lane } from '../domain/lane.ts'
import { maskNumber } from '../domain/phone-number.ts'
import { isAway } from '../kit/database-away.ts'
import { Drain } from '../kit/drain.ts'
import { gather } from '../kit/gather.ts'
import type { HttpClient } from '../kit/http-client.ts'
import { untilBack } from '../kit/until-back.ts'
import { findDueCalls } from '../store/read/due-calls.ts'
import { findJars, type JarAsked } from '../store/read/jars.ts'
import { findPushTarget } from '../store/read/subscriptions.ts'
import { type CallResult, makeCall } from './make-call.ts'
import { runHook } from './run-hook.ts'
import { runPush } from './run-push.ts'
import { runReply } from './run-reply.ts'

export interface WebhooksOptions {
  core: Core
  doors: Doors
  client: HttpClient
  /** The token that signs the account's calls. */
  authToken(accountId: string): Promise<string>
  allowPrivate: boolean
  /** Machine time that an app may take to answer a hook. */
  hookLimitMs: number
  /** Whether this node serves the lane still. */
  serves(lane: Lane): boolean
  /** Whether connections are being cut to stop: what then comes of a call is not the app's doing. */
  isGivenUp(): boolean
  onError(error: unknown): void
}

/** Calls of one lane kept in memory, and of all lanes: 3 kB each. */
const MAX_WAITING = 1000
const MAX_WAITING_IN_ALL = 20_000
/** Calls being made at a time: of one account as many as its app may have at once; an app that hangs leaves the others room. */
const MAX_UNDER_WAY_OF_ACCOUNT = 256
const MAX_UNDER_WAY = 1024
const MAX_JARS_A_READ = 200
/** Source: Twilio, error 20500. */
const LOST = { errorCode: 20500, errorMessage: 'What came of the call could not be kept' }

/**
 * Makes the waiting calls to customers' apps. Calls of one pair are made one at a time, in order, each with the jar
 * that the one before left; what came of a call is kept before the next begins.
 */
export function openWebhooks(options: WebhooksOptions): Drain<Lane, Call> {
  const { core, doors, client, onError } = options
  const readJar = gather<JarAsked, unknown>({
    run: asked => findJars(core.db, asked),
    maxBatch: MAX_JARS_A_READ,
    maxInFlight: 2,
    isPoison: () => false,
  })

  async function run(lane: Lane, call: Call): Promise<'done' | 'held'> {
    if (!options.serves(lane)) return 'held'
    const { accountId } = lane
    if (call.kind === 'hook' || call.kind === 'pre') return runHookCall(accountId, call)
    if (call.kind === 'reply') return runReplyCall(accountId, call)
    if (call.kind === 'push') return runPushCall(accountId, call)
    const [jar, authToken] = await Promise.all([jarOf(accountId, call), options.authToken(accountId)])
    const result = await makeCall(
      client,
      {
        url: call.url,
        method: call.method,
        fallbackUrl: call.fallbackUrl,
        fallbackMethod: call.fallbackMethod ?? 'POST',
        parameters: call.parameters,
        authToken,
        idempotencyToken: call.id,
        cookies: jar,
        now: call.arrivedAt,
        worldAheadMs: core.clock.world().getTime() - core.clock.machineMs(),
        allowPrivate: options.allowPrivate,
        expects: call.kind === 'inbound' ? 'twiml' : 'nothing',
        newSmsSid: hasMedia => sid(hasMedia ? 'MM' : 'SM', newId(core.clock.machineMs())),
      },
      core.clock.machineMs,
    )
    if (options.isGivenUp()) return 'held'
    const done = finished(call, result)
    observe(accountId, done)
    await keep(accountId, done)
    return 'done'
  }

  /** What can't be kept is told by an error alone: the app is not to be called for it again and again. */
  async function orLost<Done>(finish: (done: Done) => Promise<unknown>, done: Done, lost: Done): Promise<void> {
    try {
      await untilBack(() => finish(done), isAway)
    } catch (error) {
      onError(error)
      await untilBack(() => finish(lost), isAway)
    }
  }

  function keep(accountId: string, done: FinishedCall): Promise<void> {
    return orLost(kept => doors.finishCall(accountId, kept), done, lostOf(done))
  }

  function keepAsked(accountId: string, asked: AskedCall): Promise<void> {
    const lost = { finished: lostOf(asked.finished), answer: NO_ANSWER }
    return orLost(kept => doors.finishAsked(accountId, kept), asked, lost)
  }

  async function runHookCall(accountId: string, call: Call): Promise<'done' | 'held'> {
    const ran = await runHook(call, {
      client,
      authToken: await options.authToken(accountId),
      allowPrivate: options.allowPrivate,
      limitMs: options.hookLimitMs,
      machineMs: core.clock.machineMs,
      world: core.clock.world,
    })
    if (options.isGivenUp()) return 'held'
    observe(accountId, ran.finished)
    if (call.kind === 'pre') await keepAsked(accountId, ran)
    else await keep(accountId, ran.finished)
    return ran.finished.retryAt ? 'held' : 'done'
  }

  async function runReplyCall(accountId: string, call: Call): Promise<'done' | 'held'> {
    const done = await runReply(call, {
      client,
      authToken: await options.authToken(accountId),
      allowPrivate: options.allowPrivate,
      machineMs: core.clock.machineMs,
      world: core.clock.world,
    })
    if (options.isGivenUp()) return 'held'
    observe(accountId, done)
    await keep(accountId, done)
    return done.retryAt ? 'held' : 'done'
  }

  async function runPushCall(accountId: string, call: Call): Promise<'done' | 'held'> {
    const done = await runPush(call, {
      client,
      target: await findPushTarget(core.db, accountId, call.subscriptionId ?? '', core.clock.world()),
      openSecret: sealed => core.seal.open(sealed),
      allowPrivate: options.allowPrivate,
      machineMs: core.clock.machineMs,
    })
    if (options.isGivenUp()) return 'held'
    observe(accountId, done)
    return (await untilBack(() => doors.finishPush(accountId, done), isAway)) ? 'held' : 'done'
  }

  function observe(accountId: string, { call, durationMs, errorCode, replies }: FinishedCall): void {
    core.observe({
      kind: 'call',
      outcome: errorCode === null ? 'done' : `failed ${errorCode}`,
      ms: durationMs,
      accountId,
      callId: call.id,
      threadId: call.threadId,
      about: call.kind,
      number: call.number && maskNumber(call.number),
      person: call.person && maskNumber(call.person),
      replies: replies.length,
    })
  }

  async function jarOf(accountId: string, call: Call): Promise<unknown> {
    if (!call.sessionStartedAt || !call.person || !call.number) return null
    return readJar({ accountId, person: call.person, number: call.number, startedAt: call.sessionStartedAt })
  }

  return new Drain<Lane, Call>({
    queueKey: lane => `${lane.accountId} ${lane.lane}`,
    groupKey: lane => lane.accountId,
    load: (lane, limit) => findDueCalls(core.db, lane, core.clock.world(), limit),
    run,
    rowId: call => call.id,
    orderKey: call => call.orderKey,
    maxWaiting: MAX_WAITING,
    maxWaitingInAll: MAX_WAITING_IN_ALL,
    maxRunning: MAX_UNDER_WAY,
    maxRunningOfGroup: MAX_UNDER_WAY_OF_ACCOUNT,
    onError,
  })
}

function lostOf(done: FinishedCall): FinishedCall {
  return { ...done, ...LOST, warnings: [], hops: [], replies: [], cookies: null, retryAt: null }
}

function finished(call: Call, result: CallResult): FinishedCall {
  return {
    call,
    durationMs: result.hops.reduce((sum, hop) => sum + hop.durationMs, 0),
    errorCode: result.errorCode,
    errorMessage: result.errorMessage,
    warnings: result.warnings,
    hops: result.hops,
    replies: result.replies.map(reply => ({
      id: uuidOfSid(['SM', 'MM'], reply.sid) ?? '',
      to: reply.to,
      from: reply.from,
      body: reply.body,
      mediaUrls: reply.media,
      statusCallback: reply.statusCallback,
    })),
    cookies: result.cookiesChanged && call.sessionStartedAt ? { jar: result.cookies } : null,
    retryAt: null,
  }
}
