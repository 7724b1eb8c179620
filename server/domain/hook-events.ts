/** The events that apps are asked about before they happen. Source: Twilio Conversations, "Webhooks reference". */
export const ASKED_EVENTS = [
  'onConversationAdd',
  'onConversationUpdate',
  'onConversationRemove',
  'onMessageAdd',
  'onMessageUpdate',
  'onMessageRemove',
  'onParticipantAdd',
  'onParticipantUpdate',
  'onParticipantRemove',
  'onUserUpdate',
] as const

export type AskedEvent = (typeof ASKED_EVENTS)[number]

/** The events that the hooks of one thread may be told of. */
export const THREAD_EVENTS = [
  'onMessageAdded',
  'onMessageUpdated',
  'onMessageRemoved',
  'onConversationUpdated',
  'onConversationStateUpdated',
  'onConversationRemoved',
  'onParticipantAdded',
  'onParticipantUpdated',
  'onParticipantRemoved',
  'onDeliveryUpdated',
] as const
