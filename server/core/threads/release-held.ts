import type { Activity } from '../../domain/session.ts'
import type { Sms } from '../../domain/sms.ts'
import { loadLinesOfCalls } from '../../store/hooks.ts'
import { loadSmsByIds, placeSms } from '../../store/sms.ts'
import type { Core } from '../core.ts'
import type { Granted, KeptText } from '../inbound/inbound-call.ts'
import { type LoadedRouting, loadRouting } from '../inbound/load-routing.ts'
import { routeText } from '../inbound/route-text.ts'
import type { Act } from '../step.ts'
import { aboutText } from './about-texts.ts'
import { pairKey } from './bindings.ts'
import { askAbout, askNext, type HeldRow, letGo } from './held-texts.ts'
import { type HookAnswer, readVerdict } from './hook-answers.ts'
import type { Question } from './questions.ts'

/**
 * Goes on with the texts that hooks have answered about, and with those that stood in line behind them, until one of the
 * line is to be asked about. Each is routed anew: the world may have moved since it came. A text that was refused rests in
 * the log.
 */
export async function releaseHeld(core: Core, step: Act, answers: Map<string, HookAnswer>): Promise<void> {
  const rows = await step.load<HeldRow>(loadLinesOfCalls, [step.accountId, JSON.stringify([...answers.keys()])])
  if (rows.length === 0) return
  const texts = await loadTexts(step, rows)
  const loaded = await loadRouting(
    step,
    [...texts.values()].map(sms => ({ person: sms.person, number: sms.number ?? '', others: sms.others ?? [] })),
  )
  const isStopped = new Set<string>()
  for (const row of rows) {
    const line = pairKey(row)
    if (isStopped.has(line)) continue
    const sms = texts.get(row.smsId)
    const mayGoOn = await release(core, step, { row, sms, loaded, answer: answers.get(row.callId ?? '') })
    if (mayGoOn) letGo(step, row)
    else isStopped.add(line)
  }
  const { book, sessions, optOuts } = loaded.speaking
  book.store()
  optOuts.store(step)
  sessions.store(step)
}

interface Release {
  row: HeldRow
  /** Absent when its owner has deleted it. */
  sms: Sms | undefined
  loaded: LoadedRouting
  /** Of the first in line. */
  answer: HookAnswer | undefined
}

/** True when the text is done with; false when a hook is asked about it. */
async function release(core: Core, step: Act, { row, sms, loaded, answer }: Release): Promise<boolean> {
  const { speaking, routing, routes } = loaded
  const route = routes.get(row.number)
  if (!sms || !route) return true
  const kept: KeptText = { ...row.arrival, session: revived(row.arrival.session), sms, route }
  const asked = row.inquiry
  if (answer && asked) {
    const verdict = readVerdict(answer, asked.question.draft)
    if (verdict.kind === 'refused') return true
    // Nobody is there to be told of a change that cannot be: the text goes on without it.
    const changes = verdict.kind === 'granted' ? verdict.changes : {}
    if (askNext(step, row, changes)) return false
    const { event, threadId } = asked.question
    kept.granted = { event, threadId, changes: { ...asked.changes, ...changes } }
  }
  const question = aboutText(speaking, kept, routing)
  if (question && !isGranted(question, kept.granted)) {
    delete kept.granted
    if (await askAbout(step, row, question)) return false
  }
  routeText(core, speaking, kept, routing)
  if (sms.threadId || sms.errorCode !== null) step.changes.add(placeSms, { ...sms, version: step.tick() })
  return true
}

function isGranted({ event, threadId }: Question, granted: Granted | undefined): boolean {
  return granted?.event === event && granted.threadId === threadId
}

async function loadTexts(step: Act, rows: HeldRow[]): Promise<Map<string, Sms>> {
  const ids = JSON.stringify(rows.map(row => row.smsId))
  const found = await step.load<Sms>(loadSmsByIds, [step.accountId, ids])
  return new Map(found.map(sms => [sms.id, sms]))
}

/** As it was before it was stored as JSON. */
function revived({ startedAt, activeAt }: Activity): Activity {
  return { startedAt: new Date(startedAt), activeAt: new Date(activeAt) }
}
