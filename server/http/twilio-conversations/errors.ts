import { sid } from '../../domain/ids.ts'
import type { Refusal } from '../../domain/refusal.ts'
import type { TwilioSpelling, TwilioSpellings } from '../twilio-errors.ts'
import { SHARED_SPELLINGS } from '../twilio-shared-spellings.ts'

/**
 * The house's refusals in the codes of Conversations. Programs cut the conversation's SID out of the words of 50416 and
 * 50438, so these are kept to the letter. Source: Twilio, Error and Warning Dictionary, 50000 to 50599.
 */
export const CONVERSATIONS_SPELLINGS = {
  ...SHARED_SPELLINGS,
  // The path is there; what it names is not.
  not_found: ({ detail }) =>
    detail.serviceId === undefined
      ? SHARED_SPELLINGS.not_found
      : { status: 404, code: 50050, message: 'Service instance not found' },
  number_unknown: numberUnknown,
  address_invalid: { status: 400, code: 50407, message: 'Invalid messaging binding address' },
  body_missing: { status: 400, code: 50503 },
  body_too_long: { status: 400, code: 50504 },
  media_too_many: { status: 400, code: 50510 },
  media_invalid: mediaInvalid,
  pair_taken: ({ detail }) => ({
    status: 409,
    code: 50416,
    message: `A binding for this participant and proxy address already exists in Conversation ${threadSid(detail)}`,
  }),
  identity_taken: { status: 409, code: 50433, message: 'Participant already exists' },
  thread_closed: { status: 400, code: 50377, message: "Can't update conversation as it's in final closed state" },
  group_taken: ({ detail }) => ({
    status: 409,
    code: 50438,
    message: `Group MMS with given participant list already exists as Conversation ${threadSid(detail)}`,
  }),
  member_taken: { status: 409, code: 50437, message: 'Group MMS participant already exists' },
  unique_name_taken: { status: 409, code: 50353, message: 'Conversation with provided unique name already exists' },
  thread_full: threadFull,
  identity_full: { status: 400, code: 50214, message: 'User has reached the limit of conversations' },
  user_taken: { status: 409, code: 50201, message: 'User already exists' },
  role_unknown: ({ detail }) =>
    detail.kind === 'service'
      ? { status: 400, code: 50100, message: 'Role not found' }
      : { status: 400, code: 50109, message: 'Conversation role not found' },
  author_not_member: { status: 400, code: 50513, message: 'Author is not a member of the group conversation' },
  participant_unfit: participantUnfit,
  address_rule_taken: { status: 409, code: 20409, message: 'The address has a configuration already' },
  pool_unknown: ({ detail }) =>
    detail.poolId === undefined
      ? { status: 400, code: 50373, message: 'No messaging service is assigned' }
      : { status: 400, code: 50342, message: 'Messaging service does not belong to the account' },
  pool_empty: { status: 400, code: 50341 },
  number_not_in_pool: { status: 400, code: 50413 },
  pool_exhausted: { status: 409, code: 80206 },
  pool_not_sending: { status: 400, code: 50341 },
  pool_unfit: { status: 400, code: 50341 },
  schedule_full: { status: 400, code: 20001 },
  sms_unsupported: { status: 400, code: 50413 },
  mms_unsupported: { status: 400, code: 50512 },
  not_cancelable: { status: 400, code: 20001 },
  hook_refused: { status: 403, code: 50056 },
  hook_answer_invalid: { status: 400, code: 50057 },
  hooks_full: { status: 400, code: 50361 },
  call_not_failed: { status: 400, code: 20001 },
} as const satisfies TwilioSpellings

function threadSid({ threadId }: Refusal['detail']): string {
  return typeof threadId === 'string' && threadId !== '' ? sid('CH', threadId) : ''
}

function numberUnknown({ detail }: Refusal): TwilioSpelling {
  if (detail.as === 'address') return { status: 400, code: 50407, message: 'The address is not owned by the account' }
  if (detail.as === 'projected')
    return { status: 400, code: 50439, message: 'Projected address is not owned by the account' }
  return { status: 400, code: 50413, message: 'Proxy address is not authorized for the account' }
}

function mediaInvalid({ detail }: Refusal): TwilioSpelling {
  if (detail.problem === 'said') return { status: 400, code: 50508, message: 'Media already sent with another message' }
  return { status: 400, code: 50507, message: 'Media not found' }
}

function threadFull({ detail }: Refusal): TwilioSpelling {
  switch (detail.limit) {
    case 'wire':
      return { status: 400, code: 50418, message: 'Non-chat participants limit exceeded' }
    case 'group':
      return { status: 400, code: 50436, message: 'Group MMS participants limit exceeded' }
    default:
      return { status: 400, code: 50417, message: 'Participants limit exceeded' }
  }
}

/** What of a participant cannot be changed so. */
const UNFIT: Record<string, [code: number, message: string]> = {
  remove_proxy: [50440, 'Failed to remove the proxy address of a participant'],
  add_proxy: [50441, 'Failed to add a proxy address to a participant'],
  remove_projected: [50442, 'Failed to remove the projected address of a participant'],
  add_projected: [50443, 'Failed to add a projected address to a participant'],
  leave_queue: [50441, "The proxy address is not one of the conversation's queue"],
  equal: [50409, 'Participant address equals proxy address'],
  channel: [50414, 'Participant address and proxy address types mismatch'],
  add_identity: [50444, 'Failed to add an identity to a participant'],
}

function participantUnfit({ detail }: Refusal): TwilioSpelling {
  const [code, message] = UNFIT[String(detail.change)] ?? [50420, 'Unsupported messaging binding parameters']
  return { status: 400, code, message }
}
