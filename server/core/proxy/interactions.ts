import type { Call } from '../../domain/call.ts'
import { newId, sid } from '../../domain/ids.ts'
import { formatIsoSeconds } from '../../domain/wire-time.ts'
import type { MessageMedia } from '../../store/messages.ts'
import { type ProxyInteraction, type ToldText, useProxySession } from '../../store/proxy.ts'
import { newCall } from '../calls/new-call.ts'
import { smsSidOf } from '../sending/sms-sid.ts'
import type { Act } from '../step.ts'

type Draft = Pick<ProxyInteraction, 'sessionId' | 'serviceId' | 'state' | 'body'> &
  Partial<ProxyInteraction> & { media?: MessageMedia[] | null }

export function newInteraction(step: Act, draft: Draft): ProxyInteraction {
  const version = step.tick()
  return {
    id: newId(step.now.getTime()),
    media: null,
    callId: null,
    inboundParticipantId: null,
    inboundSmsId: null,
    outboundParticipantId: null,
    outboundSmsId: null,
    createdAt: step.now,
    updatedAt: step.now,
    deletedAt: null,
    version,
    born: version,
    ...draft,
  }
}

/** Notes that a session was used; once an act is enough. */
export function useSession(step: Act, sessionId: string): void {
  if (step.changes.rowsOf(useProxySession).some(({ id }) => id === sessionId)) return
  step.changes.add(useProxySession, { id: sessionId, at: step.now, version: step.tick() })
}

/** The texts of an interaction, as far as there are any. */
export interface InteractionTexts {
  inbound: ToldText | null
  outbound: ToldText | null
}

/**
 * The call that tells of an interaction (`hook`), or asks whether it may be (`pre`). Calls that tell of one text stand on
 * the lane of the number that it left from, in order; those that ask, in order for each person. Source: Twilio, Proxy,
 * "Webhooks".
 */
export function interactionCall(
  core: { publicUrl: string },
  step: Act,
  interaction: ProxyInteraction,
  { kind, url, texts }: { kind: 'hook' | 'pre'; url: string; texts: InteractionTexts },
): Call {
  const { inbound, outbound } = texts
  const text = kind === 'hook' ? (outbound ?? inbound) : inbound
  return newCall(step, {
    kind,
    lane: text?.number ?? 'account',
    orderKey: kind === 'pre' ? `intercept ${text?.person}` : `proxy ${interaction.sessionId}`,
    smsId: text?.id ?? null,
    threadId: text?.threadId ?? null,
    number: text?.number ?? null,
    person: text?.person ?? null,
    url,
    parameters: [
      ['interactionAccountSid', sid('AC', step.accountId)],
      ['interactionServiceSid', sid('KS', interaction.serviceId)],
      ['interactionSessionSid', sid('KC', interaction.sessionId)],
      ['interactionSid', sid('KI', interaction.id)],
      ['interactionType', 'Message'],
      ['interactionData', JSON.stringify({ body: interaction.body })],
      ['interactionDateCreated', formatIsoSeconds(interaction.createdAt)],
      ['interactionDateUpdated', formatIsoSeconds(interaction.updatedAt)],
      ['interactionNumMedia', String(interaction.media?.length ?? 0)],
      ...mediaParameters(core.publicUrl, step.accountId, interaction, inbound),
      ...resourceParameters(core.publicUrl, step.accountId, 'inbound', interaction.inboundParticipantId, inbound),
      ...resourceParameters(core.publicUrl, step.accountId, 'outbound', interaction.outboundParticipantId, outbound),
    ],
  })
}

function resourceParameters(
  publicUrl: string,
  accountId: string,
  side: 'inbound' | 'outbound',
  participantId: string | null,
  sms: ToldText | null,
): [string, string][] {
  const parameters: [string, string][] = []
  if (participantId) parameters.push([`${side}ParticipantSid`, sid('KP', participantId)])
  if (!sms) return parameters
  return [
    ...parameters,
    [`${side}ResourceSid`, smsSidOf(sms)],
    [`${side}ResourceStatus`, sms.status],
    [`${side}ResourceType`, 'message'],
    [`${side}ResourceUrl`, `${messageUrl(publicUrl, accountId, sms)}.json`],
  ]
}

function mediaParameters(
  publicUrl: string,
  accountId: string,
  { media }: ProxyInteraction,
  inbound: ToldText | null,
): [string, string][] {
  if (!inbound || !media) return []
  const url = messageUrl(publicUrl, accountId, inbound)
  return media.flatMap(({ id, contentType }, at): [string, string][] => [
    [`interactionMediaContentType${at}`, contentType],
    [`interactionMediaUrl${at}`, `${url}/Media/${sid('ME', id)}`],
  ])
}

function messageUrl(publicUrl: string, accountId: string, sms: ToldText): string {
  return `${publicUrl}/2010-04-01/Accounts/${sid('AC', accountId)}/Messages/${smsSidOf(sms)}`
}
