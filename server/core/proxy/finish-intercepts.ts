import { maskedThread } from '../../domain/proxy.ts'
import type { Sms } from '../../domain/sms.ts'
import { loadAskedInteractions, type ProxyInteraction, updateProxyInteraction } from '../../store/proxy.ts'
import { loadSmsByIds, placeSms } from '../../store/sms.ts'
import type { Core } from '../core.ts'
import { loadRouting } from '../inbound/load-routing.ts'
import type { Act } from '../step.ts'
import type { HookAnswer } from '../threads/hook-answers.ts'
import { isProxyPool } from './proxy-pool.ts'
import { type Holder, relayText } from './relay-text.ts'
import { partnerOf } from './session-thread.ts'

const BLOCKS = 403

/**
 * Goes on with masked texts that an app was asked about: 403 blocks one; with any other answer, or none, it is passed on,
 * if its session is open still and whom it is for is there. Source: Twilio, Proxy, InterceptCallbackUrl.
 */
export async function releaseIntercepted(core: Core, step: Act, answers: Map<string, HookAnswer>): Promise<void> {
  const asked = JSON.stringify([...answers.keys()])
  const interactions = await step.load<ProxyInteraction>(loadAskedInteractions, [step.accountId, asked])
  if (interactions.length === 0) return
  const ids = JSON.stringify(interactions.map(({ inboundSmsId }) => inboundSmsId))
  const texts = new Map((await step.load<Sms>(loadSmsByIds, [step.accountId, ids])).map(sms => [sms.id, sms]))
  const places = [...texts.values()].map(({ person, number }) => ({ person, number: number ?? '', others: [] }))
  const { speaking, routing, routes } = await loadRouting(step, places)
  for (const interaction of interactions) {
    const sms = texts.get(interaction.inboundSmsId ?? '')
    const pool = routing.replies.pool(interaction.serviceId)
    const route = routes.get(sms?.number ?? '')
    const pair = sms && { person: sms.person, number: sms.number ?? '' }
    const holder = pair && speaking.book.holderOf(pair)
    if (answers.get(interaction.callId ?? '')?.status === BLOCKS) {
      interaction.state = 'blocked'
    } else if (!sms || !route || !holder || !isProxyPool(pool) || !isFor(holder, interaction)) {
      interaction.state = 'dropped'
    } else {
      interaction.state = 'relayed'
      relayText(core, speaking, { sms, route }, { pool, holder, interaction })
      step.changes.add(placeSms, { ...sms, version: step.tick() })
    }
    if (interaction.state !== 'relayed') interaction.outboundParticipantId = null
    interaction.updatedAt = step.now
    interaction.version = step.tick()
    step.changes.add(updateProxyInteraction, interaction)
  }
  speaking.book.store()
  speaking.sessions.store(step)
}

/** The pair may be another session's by now, or a conversation's that masks nobody; its session may have somebody new. */
function isFor({ live, participant }: Holder, { sessionId, outboundParticipantId }: ProxyInteraction): boolean {
  const isSame = maskedThread(live.thread.settings)?.sessionId === sessionId
  return isSame && partnerOf(live, participant.id) === outboundParticipantId
}
