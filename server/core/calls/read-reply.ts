import type { Call } from '../../domain/call.ts'
import { canonicalAddress } from '../../domain/phone-number.ts'
import type { RefusalCode } from '../../domain/refusal.ts'
import { lengthInCharacters } from '../../domain/text.ts'
import type { AccountSettings } from '../../store/account-settings.ts'
import { OPT_OUT_TYPE } from '../inbound/inbound-call.ts'
import { scopeOf } from '../opt-outs/opt-outs.ts'
import type { TextDraft } from '../sending/queue-texts.ts'
import { refusalOfPerson, refusalOfSender } from '../sending/refuse-text.ts'
import type { SenderRoutes } from '../sending/sender-routes.ts'
import type { AccountSenders } from '../settings-cache.ts'
import type { Speaking } from '../threads/speaking.ts'

/** A text that an app's answer asks for. */
export interface CallReply {
  /** UUID, chosen when the answer was read. */
  id: string
  /** Null: the sender of the text that the call told of. */
  to: string | null
  /** Null: the number that the text reached. */
  from: string | null
  body: string
  mediaUrls: string[]
  statusCallback: string | null
}

export interface CallWarning {
  code: number
  message: string
}

const MAX_BODY_CHARACTERS = 1600

/** What decides about replies. */
export interface Replies {
  routes: SenderRoutes
  speaking: Required<Speaking>
  rules: AccountSettings
  senders: AccountSenders
}

/** Source: Twilio's error dictionary. */
const CODES: Partial<Record<RefusalCode, number>> = {
  region_not_allowed: 21408,
  person_not_allowed: 21608,
  person_unreachable: 21614,
  pair_unreachable: 21612,
  sms_unsupported: 14108,
  mms_unsupported: 21621,
}

/** A reply as a draft, or why it can't be sent. Source: Twilio's 141xx and 21xxx codes. */
export function readReply(call: Call, reply: CallReply, replies: Replies): TextDraft | CallWarning {
  const { routes, rules, senders, speaking } = replies
  const person = reply.to === null ? call.person : canonicalAddress(reply.to)
  if (!person) return { code: 14101, message: `Invalid "To" attribute: ${reply.to}` }
  const route = routes.get(reply.from ?? call.number ?? '')
  if (!route) return { code: 14102, message: `Invalid "From" attribute: ${reply.from}` }
  if (person === route.number) return { code: 21266, message: `"To" and "From" are the same number: ${person}` }
  const hasMedia = reply.mediaUrls.length > 0
  const refusal = refusalOfPerson(rules, senders, person) ?? refusalOfSender(route, senders, { person, hasMedia })
  if (refusal) return { code: CODES[refusal.code] ?? 14102, message: refusal.message }
  const isBlocked = speaking.optOuts.isBlocked({ scope: scopeOf(route), person })
  if (isBlocked || call.parameters.some(([name]) => name === OPT_OUT_TYPE)) {
    return { code: 21610, message: 'Attempt to send to unsubscribed recipient' }
  }
  if (reply.body === '' && reply.mediaUrls.length === 0) return { code: 14103, message: 'Invalid body: it is empty' }
  if (lengthInCharacters(reply.body) > MAX_BODY_CHARACTERS) {
    return { code: 21617, message: `The body exceeds the ${MAX_BODY_CHARACTERS} character limit` }
  }
  return {
    id: reply.id,
    origin: 'reply',
    route,
    person,
    body: reply.body,
    mediaUrls: reply.mediaUrls,
    statusCallback: reply.statusCallback,
  }
}
