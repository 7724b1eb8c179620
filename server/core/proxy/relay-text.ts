import { isRelayed, type MaskedThread, maskedThread, type ProxySettings } from '../../domain/proxy.ts'
import type { NumberRoute } from '../../store/numbers.ts'
import type { LastHolder } from '../../store/pair-history.ts'
import type { Participant } from '../../store/participants.ts'
import { insertProxyInteraction, type ProxyInteraction } from '../../store/proxy.ts'
import type { Core } from '../core.ts'
import { type Granted, inboundCall, type KeptText } from '../inbound/inbound-call.ts'
import { appendMessage, type Speaking } from '../threads/append-message.ts'
import type { Changeable } from '../threads/hook-answers.ts'
import type { LiveThread } from '../threads/thread-book.ts'
import { BY_PHONE } from '../threads/thread-events.ts'
import { type DropReason, noteDropped } from './dropped-texts.ts'
import { interactionCall, newInteraction, useSession } from './interactions.ts'
import type { ProxyPool } from './proxy-pool.ts'
import { mustBeMasked, partnerOf } from './session-thread.ts'

export interface Holder {
  live: LiveThread
  participant: Participant
}

/**
 * Takes a text to a number that masks: on to the other one of its session, unless it is a word that is not passed on, or
 * the service's app is to be asked first. One of no session is told the app of such texts; without one it rests in the
 * log, which says why. False: the pair belongs to a thread that is no session.
 */
export function takeMaskedText(
  core: Core,
  speaking: Speaking,
  kept: KeptText,
  { pool, holder, last }: { pool: ProxyPool; holder: Holder | undefined; last: LastHolder | undefined },
): boolean {
  const { step } = speaking
  const { sms, route, media } = kept
  const { interceptUrl, outOfSessionUrl } = appsOf(pool, route)
  if (!holder) {
    const app = { ...route, smsUrl: outOfSessionUrl ?? '', smsMethod: 'POST' as const, smsFallbackUrl: '' }
    if (outOfSessionUrl) step.addCall(inboundCall(core, step, { ...kept, route: app }))
    else noteDropped(sms, whyOutside(last))
    return true
  }
  const masked = maskedThread(holder.live.thread.settings)
  if (!masked) return false
  const why = whyNotRelayed(kept, masked, holder)
  if (why) {
    noteDropped(sms, why)
    return true
  }
  const interaction = newInteraction(step, {
    sessionId: masked.sessionId,
    serviceId: pool.id,
    state: interceptUrl ? 'asking' : 'relayed',
    body: changesOf(kept.granted).body ?? sms.body,
    media: media.length > 0 ? media : null,
    inboundParticipantId: masked.participants[holder.participant.id] ?? null,
    inboundSmsId: sms.id,
  })
  if (interceptUrl) {
    const texts = { inbound: sms, outbound: null }
    const call = interactionCall(core, step, interaction, { kind: 'pre', url: interceptUrl, texts })
    interaction.callId = call.id
    interaction.outboundParticipantId = partnerOf(holder.live, holder.participant.id)
    step.addCall(call)
  } else {
    relayText(core, speaking, kept, { pool, holder, interaction })
  }
  step.changes.add(insertProxyInteraction, interaction)
  return true
}

function whyOutside(last: LastHolder | undefined): DropReason {
  if (!last) return 'unknown_participant'
  return last.closedReason === 'timer' ? 'session_expired' : 'no_session'
}

function whyNotRelayed(
  { sms, keyword }: KeptText,
  { mode }: MaskedThread,
  { live, participant }: Holder,
): DropReason | null {
  if (!isRelayed(sms.body, keyword?.kind)) return 'stop_word'
  if (mode === 'voice-only') return 'voice_only'
  return live.participants.some(({ kind, id }) => kind === 'sms' && id !== participant.id) ? null : 'no_partner'
}

/** Passes a text on in its session, from the other's own number, and tells the service's app. */
export function relayText(
  core: Core,
  speaking: Speaking,
  { sms, route, granted }: Pick<KeptText, 'sms' | 'route' | 'granted'>,
  { pool, holder, interaction }: { pool: ProxyPool; holder: Holder; interaction: ProxyInteraction },
): void {
  const { step, carried } = speaking
  const { live, participant } = holder
  const { body, media } = interaction
  const draft = {
    origin: 'sms' as const,
    author: sms.person,
    participantId: participant.id,
    ...changesOf(granted),
    body,
    media,
    smsId: sms.id,
  }
  const message = appendMessage(speaking, live, draft, BY_PHONE)
  sms.threadId = live.thread.id
  sms.messageId = message.id
  const [outbound = null] = carried?.get(message.id) ?? []
  const { participants } = mustBeMasked(live.thread)
  interaction.outboundParticipantId = participants[outbound?.participantId ?? ''] ?? null
  interaction.outboundSmsId = outbound?.id ?? null
  useSession(step, interaction.sessionId)
  const { callbackUrl: url } = appsOf(pool, route)
  if (url)
    step.addCall(interactionCall(core, step, interaction, { kind: 'hook', url, texts: { inbound: sms, outbound } }))
}

/** What hooks of conversations made of the text. */
function changesOf(granted: Granted | undefined): Changeable {
  return granted?.event === 'onMessageAdd' ? granted.changes : {}
}

/** The apps of a service; while the account is suspended none is told of texts. */
function appsOf({ settings }: ProxyPool, { isSuspended }: NumberRoute): Partial<ProxySettings> {
  return isSuspended ? {} : settings.proxy
}
