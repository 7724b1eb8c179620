import { sid } from '../../domain/ids.ts'
import { channelOf } from '../../domain/phone-number.ts'
import { receiptId } from '../../domain/receipt-id.ts'
import type { Thread } from '../../domain/thread.ts'
import { formatIsoMilliseconds } from '../../domain/wire-time.ts'
import type { Message } from '../../store/messages.ts'
import type { Participant } from '../../store/participants.ts'
import type { SmsForProgress } from '../../store/sms.ts'
import type { User } from '../../store/users.ts'
import { smsSidOf } from '../sending/sms-sid.ts'
import type { Act } from '../step.ts'
import { namedPoolId } from './named-pool.ts'
import type { ThreadDraft } from './new-rows.ts'
import type { Cause, ThreadEvent, UserEvent } from './thread-events.ts'

/** Absent values are left out; order is kept. */
export type HookParameters = [string, string][]

/** A delivery as hooks are told of it: the thread is looked up by who tells. */
export interface DeliveryFacts {
  accountId: string
  thread: Thread
  sms: SmsForProgress
  participantId: string
  now: Date
}

const SOURCES = { sms: 'SMS', api: 'API', chat: 'SDK', timer: 'TIMER' } as const

/** The name of an event as hooks filter by it. Source: Twilio Conversations, "Webhooks reference". */
export function hookEventOf(event: ThreadEvent | UserEvent): string | null {
  switch (event.kind) {
    case 'thread_opened':
      return 'onConversationAdded'
    case 'thread_updated':
      return 'onConversationUpdated'
    case 'state_changed':
      return 'onConversationStateUpdated'
    case 'thread_assigned':
    case 'note_changed':
      return null
    case 'thread_deleted':
      return 'onConversationRemoved'
    case 'participant_added':
      return 'onParticipantAdded'
    case 'participant_updated':
      return 'onParticipantUpdated'
    case 'participant_removed':
      return 'onParticipantRemoved'
    case 'message_added':
      return 'onMessageAdded'
    case 'message_updated':
      return 'onMessageUpdated'
    case 'message_deleted':
      return 'onMessageRemoved'
    case 'user_added':
      return 'onUserAdded'
    case 'user_updated':
      return 'onUserUpdated'
    case 'user_deleted':
      return null
    case 'delivery_changed':
      return 'onDeliveryUpdated'
    default:
      return event satisfies never
  }
}

/** What every hook is told first. */
export function commonParameters(accountId: string, name: string, source: Cause['source']): HookParameters {
  return [
    ['AccountSid', sid('AC', accountId)],
    ['EventType', name],
    ['Source', SOURCES[source]],
  ]
}

/** What a hook is told of a thread's event; null for a delivery, whose thread is looked up first. */
export function eventParameters(
  { accountId, now }: Pick<Act, 'accountId' | 'now'>,
  event: Exclude<ThreadEvent | UserEvent, { kind: 'delivery_changed' }>,
): HookParameters {
  switch (event.kind) {
    case 'thread_opened':
    case 'thread_updated':
    case 'thread_assigned':
    case 'note_changed':
      return threadParameters(accountId, event.thread)
    case 'thread_deleted':
      return [...threadParameters(accountId, event.thread), ['DateRemoved', formatIsoMilliseconds(now)]]
    case 'state_changed':
      return [
        ...placeOf(accountId, event.thread),
        ['StateUpdated', formatIsoMilliseconds(now)],
        ['StateFrom', event.from],
        ['StateTo', event.to],
        ['Reason', reasonOf(event.reason)],
      ]
    case 'participant_added':
    case 'participant_updated':
      return participantParameters(accountId, event, event.kind === 'participant_updated' ? 'updated' : 'added')
    case 'participant_removed':
      return [...participantParameters(accountId, event, 'removed'), ['DateRemoved', formatIsoMilliseconds(now)]]
    case 'message_added':
      return messageParameters(accountId, event, false)
    case 'message_updated':
      return messageParameters(accountId, event, true)
    case 'message_deleted':
      return [...messageParameters(accountId, event, true), ['DateRemoved', formatIsoMilliseconds(now)]]
    case 'user_added':
    case 'user_updated':
    case 'user_deleted':
      return userParameters(event.user, event.kind === 'user_updated')
    default:
      return event satisfies never
  }
}

export function deliveryParameters({ accountId, thread, sms, participantId, now }: DeliveryFacts): HookParameters {
  return present([
    ...placeOf(accountId, thread),
    ['MessageSid', sms.messageId && sid('IM', sms.messageId)],
    ['DeliveryReceiptSid', sid('DY', receiptId(sms.id, participantId, sms.settings?.recipientIds !== undefined))],
    ['ChannelMessageSid', smsSidOf(sms)],
    ['ParticipantSid', sid('MB', participantId)],
    ['Status', sms.status],
    ['ErrorCode', String(sms.errorCode ?? 0)],
    ['DateCreated', formatIsoMilliseconds(sms.createdAt)],
    ['DateUpdated', formatIsoMilliseconds(now)],
  ])
}

/** Timers and revivals say so; whatever else changed a state came by the API. */
function reasonOf(reason: string): string {
  if (reason === 'event') return 'EVENT'
  return reason === 'timer' || reason === 'thread_expired' ? 'TIMER' : 'API'
}

export function placeOf(accountId: string, thread: Thread): HookParameters {
  return [
    ['ConversationSid', sid('CH', thread.id)],
    ['ChatServiceSid', sid('IS', thread.serviceId)],
    ['MessagingServiceSid', messagingServiceSid(accountId, thread)],
  ]
}

/** The messaging service that was named for a thread, else the pool whose numbers it claimed, else the account's default one. */
export function messagingServiceSid(
  accountId: string,
  { settings = null, poolId }: Pick<ThreadDraft, 'settings' | 'poolId'>,
): string {
  return sid('MG', namedPoolId({ settings }) ?? poolId ?? accountId)
}

function threadParameters(accountId: string, thread: Thread): HookParameters {
  return present([
    ...placeOf(accountId, thread),
    ['FriendlyName', thread.friendlyName],
    ['UniqueName', thread.uniqueName],
    ['Attributes', thread.attributes],
    ['State', thread.state],
    ['DateCreated', formatIsoMilliseconds(thread.createdAt)],
    ['DateUpdated', formatIsoMilliseconds(thread.updatedAt)],
  ])
}

function participantParameters(
  accountId: string,
  { thread, participant }: { thread: Thread; participant: Participant },
  became: 'added' | 'updated' | 'removed',
): HookParameters {
  return present([
    ...placeOf(accountId, thread),
    ['ParticipantSid', sid('MB', participant.id)],
    ...whoParameters(participant),
    ['DateCreated', formatIsoMilliseconds(participant.createdAt)],
    ['DateUpdated', became === 'added' ? null : formatIsoMilliseconds(participant.updatedAt)],
    ['LastReadMessageIndex', became === 'updated' ? numberText(participant.lastReadIndex) : null],
  ])
}

type Who = Pick<Participant, 'kind' | 'identity' | 'person' | 'number' | 'roleId' | 'attributes'>

/** Who takes part, or is to. */
export function whoParameters({ kind, identity, person, number, roleId, attributes }: Who): HookParameters {
  return present([
    ['Identity', identity],
    ['RoleSid', roleId && sid('RL', roleId)],
    ['Attributes', attributes],
    ['MessagingBinding.Address', person],
    ['MessagingBinding.ProxyAddress', kind === 'sms' ? number : null],
    ['MessagingBinding.ProjectedAddress', kind === 'projected' ? number : null],
    ['MessagingBinding.Type', kind === 'chat' ? 'CHAT' : channelOf(person ?? number ?? '').toUpperCase()],
  ])
}

function messageParameters(
  accountId: string,
  { thread, message }: { thread: Thread; message: Message },
  isUpdate: boolean,
): HookParameters {
  return present([
    ...placeOf(accountId, thread),
    ['MessageSid', sid('IM', message.id)],
    ['Index', String(message.index)],
    ['DateCreated', formatIsoMilliseconds(message.createdAt)],
    ['DateUpdated', isUpdate ? formatIsoMilliseconds(message.updatedAt) : null],
    ['Body', message.body],
    ['Author', message.author],
    ['ParticipantSid', message.participantId && sid('MB', message.participantId)],
    ['Attributes', message.attributes],
    ['Media', mediaText(message.media)],
    ['ClientIdentity', message.origin === 'chat' ? message.author : null],
  ])
}

/** The files of a message as hooks are told of them. */
export function mediaText(media: Message['media']): string | null {
  if (!media || media.length === 0) return null
  return JSON.stringify(
    media.map(file => ({
      Sid: sid('ME', file.id),
      Filename: file.fileName,
      ContentType: file.contentType,
      Size: file.size,
    })),
  )
}

function userParameters(user: User, isUpdate: boolean): HookParameters {
  return present([
    ['ChatServiceSid', sid('IS', user.serviceId)],
    ['UserSid', sid('US', user.id)],
    ['Identity', user.identity],
    ['FriendlyName', user.friendlyName],
    ['RoleSid', user.roleId && sid('RL', user.roleId)],
    ['Attributes', user.attributes],
    ['DateCreated', formatIsoMilliseconds(user.createdAt)],
    ['DateUpdated', isUpdate ? formatIsoMilliseconds(user.updatedAt) : null],
    ['isOnline', isUpdate ? 'false' : null],
    ['isNotifiable', isUpdate ? 'false' : null],
  ])
}

function numberText(value: number | null): string | null {
  return value === null ? null : String(value)
}

export function present(parameters: [string, string | null | undefined][]): HookParameters {
  return parameters.filter((pair): pair is [string, string] => pair[1] !== null && pair[1] !== undefined)
}
