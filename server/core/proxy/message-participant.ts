import { Refusal } from '../../domain/refusal.ts'
import { insertProxyInteraction, type ProxyInteraction } from '../../store/proxy.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import { scopeOf } from '../opt-outs/opt-outs.ts'
import { queueTexts } from '../sending/queue-texts.ts'
import { refusalOfPerson, refusalOfSender } from '../sending/refuse-text.ts'
import { appendMessage } from '../threads/append-message.ts'
import { loadSpeaking } from '../threads/speaking.ts'
import { ThreadBook } from '../threads/thread-book.ts'
import { BY_PROGRAM } from '../threads/thread-events.ts'
import { interactionCall, newInteraction, useSession } from './interactions.ts'
import { getSession } from './open-session.ts'
import { getProxyPool } from './proxy-pool.ts'
import { memberOf } from './session-thread.ts'

export interface ParticipantText {
  sessionId: string
  participantId: string
  body: string
  mediaUrls: string[]
}

/**
 * Texts one participant of a session from their number there; the other hears nothing of it. Refuses `not_found`,
 * `thread_closed`, `participant_unfit` (nobody is there to answer to), `opted_out`, and what the account or the number may
 * not send.
 */
export async function messageParticipant(
  core: Core,
  accountId: string,
  { sessionId, participantId, body, mediaUrls }: ParticipantText,
): Promise<ProxyInteraction> {
  return act(core, accountId, async step => {
    const session = await getSession(step, sessionId)
    if (session.status === 'closed') throw new Refusal('thread_closed', 'The session is closed.')
    const pool = await getProxyPool(step, session.serviceId)
    const book = await ThreadBook.load(step, { ids: [session.threadId] })
    const live = book.find(session.threadId)
    const member = live && memberOf(live, participantId)
    if (!live || !member?.person) throw new Refusal('not_found', 'There is no such participant.')
    const partner = live.participants.find(each => each.kind === 'sms' && each !== member)
    if (!partner) throw new Refusal('participant_unfit', 'The session has no other participant.')
    const speaking = await loadSpeaking(step, book)
    const route = speaking.routes.get(member.number ?? '')
    if (!route) throw new Refusal('number_unknown', 'The number was given up.', { number: member.number })
    const senders = await step.senders()
    const asked = { person: member.person, hasMedia: mediaUrls.length > 0 }
    const refusal =
      refusalOfPerson(await step.ownerSettings(), senders, member.person) ?? refusalOfSender(route, senders, asked)
    if (refusal) throw refusal
    if (speaking.optOuts.isBlocked({ scope: scopeOf(route), person: member.person })) {
      throw new Refusal('opted_out', 'Attempt to send to unsubscribed recipient')
    }
    // Said in the partner's stead, and carried by the text below: it goes to nobody else.
    const said = { origin: 'api' as const, author: 'system', participantId: partner.id, body, reachedId: member.id }
    const message = appendMessage(speaking, live, said, BY_PROGRAM)
    const thread = { threadId: live.thread.id, messageId: message.id, participantId: member.id }
    const draft = {
      origin: 'thread' as const,
      route,
      person: member.person,
      body,
      mediaUrls,
      statusCallback: null,
      thread,
    }
    const [sms] = queueTexts(step, speaking.sessions, [draft])
    const interaction = newInteraction(step, {
      sessionId,
      serviceId: pool.id,
      state: 'relayed',
      body,
      outboundParticipantId: participantId,
      outboundSmsId: sms?.id ?? null,
    })
    step.changes.add(insertProxyInteraction, interaction)
    useSession(step, sessionId)
    const { callbackUrl: url } = pool.settings.proxy
    const texts = { inbound: null, outbound: sms ?? null }
    if (url) step.addCall(interactionCall(core, step, interaction, { kind: 'hook', url, texts }))
    book.store()
    speaking.sessions.store(step)
    return interaction
  })
}
