import type { Call } from '../../domain/call.ts'
import type { AskedEvent } from '../../domain/hook-events.ts'
import type { HookSettings } from '../../store/hooks.ts'
import { newCall } from '../calls/new-call.ts'
import type { Act } from '../step.ts'
import type { Changeable } from './hook-answers.ts'
import { commonParameters, type HookParameters, present } from './hook-parameters.ts'
import type { ChangeSource } from './thread-events.ts'

/** May this happen? Plain JSON, so that it can wait in a row. */
export interface Question {
  event: AskedEvent
  serviceId: string
  threadId: string | null
  source: ChangeSource
  /** What the app is told besides what it may change. */
  told: HookParameters
  /** What the app may change, as it would be. */
  draft: Changeable
}

/** A hook that is asked. */
export interface Stage {
  url: string
  method: 'GET' | 'POST'
}

/**
 * The hooks to be asked, in order: the service's, then the account's on what the first one changed. Twilio does not say
 * in which order it asks them.
 */
export async function stagesOf(step: Act, event: AskedEvent, serviceId: string): Promise<Stage[]> {
  const owner = await step.ownerSettings()
  if (!owner.hasHooks) return []
  const service = (await step.services([serviceId])).get(serviceId)
  return [...stageOf(event, service?.settings.hooks), ...stageOf(event, owner.hooks)]
}

function stageOf(event: AskedEvent, hooks: HookSettings | undefined): Stage[] {
  if (!hooks?.preUrl || !hooks.filters?.includes(event)) return []
  return [{ url: hooks.preUrl, method: hooks.method ?? 'POST' }]
}

/** The call that asks. One that holds a text back names it: texts of a pair are asked about in order. */
export function questionCall(
  step: Act,
  id: string,
  { stage, question, held }: { stage: Stage; question: Question; held?: { smsId: string; pair: string } },
): Call {
  return newCall(step, {
    id,
    kind: 'pre',
    orderKey: held ? `pre ${held.pair}` : id,
    smsId: held?.smsId ?? null,
    threadId: question.threadId,
    url: stage.url,
    method: stage.method,
    parameters: parametersOf(step.accountId, question),
  })
}

function parametersOf(accountId: string, { event, source, told, draft }: Question): HookParameters {
  return [
    ...commonParameters(accountId, event, source),
    ...told,
    ...present([
      ['FriendlyName', draft.friendlyName || null],
      ['Body', draft.body],
      ['Author', draft.author],
      ['Attributes', draft.attributes],
    ]),
  ]
}
