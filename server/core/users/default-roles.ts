import type { Role } from '../../store/roles.ts'

/** Everything that a role of a thread may permit. Source: Twilio, Conversations, "Role resource", permissions. */
export const THREAD_PERMISSIONS = [
  'addParticipant',
  'removeParticipant',
  'addNonChatParticipant',
  'deleteConversation',
  'editConversationName',
  'editConversationAttributes',
  'sendMessage',
  'sendMediaMessage',
  'leaveConversation',
  'editOwnMessage',
  'editAnyMessage',
  'editOwnMessageAttributes',
  'editAnyMessageAttributes',
  'deleteOwnMessage',
  'deleteAnyMessage',
  'editOwnParticipantAttributes',
  'editAnyParticipantAttributes',
  'editNotificationLevel',
] as const

/** What a role of a whole service may permit beyond that: it holds in every thread. */
export const SERVICE_PERMISSIONS = [
  ...THREAD_PERMISSIONS,
  'createConversation',
  'joinConversation',
  'editOwnUserInfo',
  'editAnyUserInfo',
] as const

/** The roles that a service begins with, by the setting that names each. Source: Twilio, default roles of a service. */
export const DEFAULT_ROLES: readonly (Pick<Role, 'friendlyName' | 'kind' | 'permissions'> & {
  setting: 'creatorRoleId' | 'threadRoleId' | 'userRoleId' | null
})[] = [
  { setting: null, friendlyName: 'service admin', kind: 'service', permissions: [...SERVICE_PERMISSIONS] },
  {
    setting: 'userRoleId',
    friendlyName: 'service user',
    kind: 'service',
    permissions: ['createConversation', 'joinConversation', 'editOwnUserInfo'],
  },
  {
    setting: 'creatorRoleId',
    friendlyName: 'channel admin',
    kind: 'conversation',
    permissions: [...THREAD_PERMISSIONS],
  },
  {
    setting: 'threadRoleId',
    friendlyName: 'channel user',
    kind: 'conversation',
    permissions: [
      'sendMessage',
      'sendMediaMessage',
      'leaveConversation',
      'editOwnMessage',
      'editOwnMessageAttributes',
      'deleteOwnMessage',
      'editOwnParticipantAttributes',
      'editNotificationLevel',
    ],
  },
]
