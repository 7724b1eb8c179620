import { newId } from '../../domain/ids.ts'
import type { Activity } from '../../domain/session.ts'
import { deleteHeldText, type HeldText, insertHeldText, loadPairsInLine, updateHeldText } from '../../store/hooks.ts'
import type { MessageMedia } from '../../store/messages.ts'
import type { KeptText } from '../inbound/inbound-call.ts'
import type { HeardKeyword } from '../opt-outs/opt-outs.ts'
import type { Pair } from '../sessions/sessions.ts'
import type { Act } from '../step.ts'
import { pairKey } from './bindings.ts'
import type { Changeable } from './hook-answers.ts'
import { type Question, questionCall, type Stage, stagesOf } from './questions.ts'

/** What was known of a text when it arrived; times are ISO texts once it was stored. */
export interface HeldArrival {
  media: MessageMedia[]
  session: Activity
  keyword: HeardKeyword | null
}

/** What is asked about the first text of a line. */
export interface Inquiry {
  question: Question
  /** Hooks to be asked after the one that is asked now. */
  later: Stage[]
  /** What was changed so far. */
  changes: Changeable
}

export type HeldRow = HeldText<HeldArrival, Inquiry>

/**
 * The inbound texts that wait for hooks. A carrier is answered before anybody is asked, so the text is kept, held back, and
 * routed when the answer is there. Texts of one pair stand in line behind the one that is asked about.
 */
export class HeldTexts {
  /** Null: the account has no hooks. */
  readonly #lines: Set<string> | null

  private constructor(lines: Set<string> | null) {
    this.#lines = lines
  }

  static async load(step: Act, pairs: Pair[]): Promise<HeldTexts> {
    const owner = await step.ownerSettings()
    if (!owner.hasHooks) return new HeldTexts(null)
    const rows = await step.load<{ person: string; number: string }>(loadPairsInLine, [
      step.accountId,
      JSON.stringify(pairs),
    ])
    return new HeldTexts(new Set(rows.map(pairKey)))
  }

  /** Whether texts may have to wait at all. */
  get mayHold(): boolean {
    return this.#lines !== null
  }

  /** Holds a text that just arrived: when others of its pair wait, or hooks are to be asked. False: it is free to go. */
  async hold(step: Act, kept: KeptText, question: Question | null): Promise<boolean> {
    const { sms, route, media, session, keyword } = kept
    const pair = { person: sms.person, number: route.number }
    const row: HeldRow = {
      smsId: sms.id,
      ...pair,
      arrival: { media, session, keyword },
      inquiry: null,
      callId: null,
      born: step.tick(),
    }
    if (!this.#lines?.has(pairKey(pair))) {
      const stages = question ? await stagesOf(step, question.event, question.serviceId) : []
      if (!question || !ask(step, row, question, stages)) return false
    }
    this.#lines?.add(pairKey(pair))
    step.changes.add(insertHeldText, row)
    return true
  }
}

/** Asks the hooks about the first text of a line; false when there is none to ask. */
export async function askAbout(step: Act, row: HeldRow, question: Question): Promise<boolean> {
  const stages = await stagesOf(step, question.event, question.serviceId)
  if (!ask(step, row, question, stages)) return false
  step.changes.add(updateHeldText, row)
  return true
}

/** Asks the next hook about the first text of a line, with what those before it changed; false when all were asked. */
export function askNext(step: Act, row: HeldRow, changes: Changeable): boolean {
  if (!row.inquiry) return false
  const { question, later } = row.inquiry
  const changed = { ...question, draft: { ...question.draft, ...changes } }
  if (!ask(step, row, changed, later, { ...row.inquiry.changes, ...changes })) return false
  step.changes.add(updateHeldText, row)
  return true
}

/** Takes a text out of its line. */
export function letGo(step: Act, { smsId }: HeldRow): void {
  step.changes.add(deleteHeldText, { smsId })
}

function ask(step: Act, row: HeldRow, question: Question, stages: Stage[], changes: Changeable = {}): boolean {
  const [stage, ...later] = stages
  if (!stage) return false
  const held = { smsId: row.smsId, pair: pairKey(row) }
  const call = questionCall(step, newId(step.now.getTime()), { stage, question, held })
  row.callId = call.id
  row.inquiry = { question, later, changes }
  step.addCall(call)
  return true
}
