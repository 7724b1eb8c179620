import type { Pace } from '../../kit/pace.ts'
import type { Binds } from './binds.ts'
import { STATUS, spellStatus } from './commands.ts'
import { type Answer, answerOf, type Errors } from './errors.ts'
import type { Link } from './link.ts'
import { readMessageId } from './pdu.ts'

/** What became of one submit_sm. */
export type Submitted =
  | { kind: 'taken'; messageId: string }
  | Exclude<Answer, string>
  /** It was written and its answer never came. */
  | { kind: 'unknown' }

interface Job {
  fields: Record<string, unknown>
  /** The carrier took a part of the text before. */
  hasBegun: boolean
  resolve(submitted: Submitted): void
  /** From then on, being too fast is for the caller to know. */
  patientUntilMs: number
}

/** How long a text that is told "too fast" keeps its place here before delivery hears of it. */
const PATIENCE_MS = 20_000

/** Hands submits to links: as many as their windows hold, as fast as the pace allows, in the order given. */
export interface Submits {
  submit(fields: Record<string, unknown>, hasBegun: boolean): Promise<Submitted>
  /** Goes on where it stopped for lack of room. */
  pump(): void
  /** Begins no text more; those that were begun may go on. */
  stop(): void
  readonly waiting: number
}

export function openSubmits(deps: { binds: Binds; pace: Pace; errors: Errors | undefined; nowMs(): number }): Submits {
  const { binds, pace, errors, nowMs } = deps
  let queue: Job[] = []
  let next = 0
  let isPaused = false
  let isStopping = false

  function pump(): void {
    while (next < queue.length) {
      if (!binds.canSubmit) {
        refuseAll()
        return
      }
      const link = binds.roomiest()
      if (!link) return
      const waitMs = pace.take()
      if (waitMs > 0) {
        pauseFor(waitMs)
        return
      }
      const job = queue[next++]!
      if (next > 1000) {
        queue = queue.slice(next)
        next = 0
      }
      void hand(link, job)
    }
    queue = []
    next = 0
  }

  function pauseFor(ms: number): void {
    if (isPaused) return
    isPaused = true
    setTimeout(() => {
      isPaused = false
      pump()
    }, ms)
  }

  function refuseAll(): void {
    const message = 'No link to the carrier is bound.'
    for (const job of queue.splice(next)) job.resolve(notTaken('not_bound', message))
    queue = []
    next = 0
  }

  function refuseNew(): void {
    const waiting = queue.splice(next)
    queue = waiting.filter(job => job.hasBegun)
    next = 0
    for (const job of waiting) if (!job.hasBegun) job.resolve(notTaken('stopping', 'Heddle is stopping.'))
  }

  async function hand(link: Link, job: Job): Promise<void> {
    const reply = await link.request('submit_sm', job.fields)
    if (reply.kind === 'lost') return reply.isWritten ? job.resolve({ kind: 'unknown' }) : again(job)
    const { status, body } = reply.pdu
    const answer = answerOf(status, errors)
    if (answer === 'throttled') {
      pace.slowDown()
      if (nowMs() < job.patientUntilMs) return again(job)
      const message = `The carrier takes no more texts for now (${spellStatus(STATUS.throttled)}).`
      return job.resolve({ kind: 'retry', why: 'busy', carrierCode: spellStatus(status), message })
    }
    if (answer === 'taken') return job.resolve({ kind: 'taken', messageId: messageIdOf(body) })
    job.resolve(answer)
  }

  function again(job: Job): void {
    if (next > 0) queue[--next] = job
    else queue.unshift(job)
    if (isStopping) refuseNew()
    pump()
  }

  return {
    submit(fields, hasBegun) {
      return new Promise(resolve => {
        queue.push({ fields, hasBegun, resolve, patientUntilMs: nowMs() + PATIENCE_MS })
        if (isStopping) refuseNew()
        pump()
      })
    },
    pump,
    stop() {
      isStopping = true
      refuseNew()
    },
    get waiting() {
      return queue.length - next
    },
  }
}

/** No text is taken now, so that delivery leaves the others in its queue. */
function notTaken(carrierCode: string, message: string): Submitted {
  return { kind: 'retry', why: 'away', carrierCode, message }
}

/** An answer that can't be read still says that the text was taken. */
function messageIdOf(body: Buffer): string {
  try {
    return readMessageId(body)
  } catch {
    return ''
  }
}
