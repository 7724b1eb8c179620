import type { NumberRoute } from '../../store/numbers.ts'
import type { Core } from '../core.ts'
import { openQueueThread } from '../inbox/open-queue-thread.ts'
import type { PoolReplies } from '../pools/pool-replies.ts'
import { isPoolThread } from '../pools/pool-thread.ts'
import { appOf, takeReply } from '../pools/take-reply.ts'
import { noteDropped } from '../proxy/dropped-texts.ts'
import { isProxyPool } from '../proxy/proxy-pool.ts'
import { takeMaskedText } from '../proxy/relay-text.ts'
import type { AutoCreation } from '../threads/auto-creation.ts'
import type { GroupCopies } from '../threads/group-copies.ts'
import type { Speaking } from '../threads/speaking.ts'
import { takeGroupText, takeText } from '../threads/take-text.ts'
import { BY_PHONE } from '../threads/thread-events.ts'
import { inboundCall, type KeptText } from './inbound-call.ts'

export type { KeptText } from './inbound-call.ts'

/** What routing asks besides the threads themselves. */
export interface Routing {
  replies: PoolReplies
  autoCreation: AutoCreation
  copies: GroupCopies
  /** Whether apps are also told of texts that belong to a thread. */
  callsForThreads: boolean
}

/** Where an inbound text goes: the first of these rules that fits. A text that none fits rests in the log. */
export function routeText(core: Core, speaking: Speaking, kept: KeptText, routing: Routing): void {
  const { step, book } = speaking
  const { sms, route } = kept
  const { replies, autoCreation, copies } = routing

  const pair = { person: sms.person, number: route.number }
  const held = sms.others ? undefined : book.holderOf(pair)
  const pool = replies.pool(route.poolId)
  const last = replies.lastHolder(pair)
  if (isProxyPool(pool) && !sms.others && takeMaskedText(core, speaking, kept, { pool, holder: held, last })) return
  const late = held || sms.others ? undefined : replies.lateThread(pair)
  if (late) {
    takeReply(core, speaking, kept, { live: late, participantId: null, replies })
    return
  }
  if (held && isPoolThread(held.live.thread)) {
    takeReply(core, speaking, kept, { live: held.live, participantId: held.participant.id, replies })
    return
  }
  const app = appOf(route, pool)
  const opens = route.owner && !sms.others ? route.owner : null
  const holder = held ?? (opens && openQueueThread(book, opens, pair, null, BY_PHONE))
  if (holder) takeText(speaking, kept, holder)
  const isTaken = holder || takeGroupText(speaking, kept, copies) || takeNew(speaking, kept, autoCreation, copies)
  if (!isTaken && isProxyPool(pool)) noteDropped(sms, 'unknown_scenario')
  if (app.smsUrl && (!isTaken || callsAnyway(route, routing))) {
    step.addCall(inboundCall(core, step, { ...kept, route: app }))
  }
}

/** Opens a thread for the text, where its number's address says so. */
function takeNew(speaking: Speaking, kept: KeptText, autoCreation: AutoCreation, copies: GroupCopies): boolean {
  const { step, book } = speaking
  const live = autoCreation.open(step, book, kept)
  if (!live) return false
  if (kept.sms.others) return takeGroupText(speaking, kept, copies)
  const [participant] = live.participants
  if (participant) takeText(speaking, kept, { live, participant })
  return true
}

/** A number's own setting counts before the account's. */
function callsAnyway({ settings }: NumberRoute, { callsForThreads }: Routing): boolean {
  return typeof settings.callsForThreads === 'boolean' ? settings.callsForThreads : callsForThreads
}
