import type { SessionMode, SessionStatus } from '../domain/proxy.ts'
import type { Sms } from '../domain/sms.ts'
import type { Write } from './changes.ts'
import type { MessageMedia } from './messages.ts'
import { insertFrom, selectList, table, updateFrom } from './rows.ts'

export interface ProxySession {
  id: string
  serviceId: string
  /** The thread that it is, or was last. */
  threadId: string
  uniqueName: string | null
  status: SessionStatus
  closedReason: string | null
  mode: SessionMode
  ttlS: number
  expiresAt: Date | null
  startedAt: Date | null
  endedAt: Date | null
  lastInteractionAt: Date | null
  createdAt: Date
  updatedAt: Date
  deletedAt: Date | null
  version: number
  born: number
}

const sessionTable = table('proxy_sessions', {
  id: 'uuid',
  service_id: 'uuid',
  thread_id: 'uuid',
  unique_name: 'text',
  status: 'text',
  closed_reason: 'text',
  mode: 'text',
  ttl_s: 'integer',
  expires_at: 'timestamptz',
  started_at: 'timestamptz',
  ended_at: 'timestamptz',
  last_interaction_at: 'timestamptz',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
  deleted_at: 'timestamptz',
  version: 'bigint',
  born: 'bigint',
})

export const sessionColumns = selectList(sessionTable, 's')

export const insertProxySession: Write<ProxySession> = {
  name: 'new_proxy_sessions',
  sql: parameter => insertFrom(sessionTable, parameter),
}

export const updateProxySession: Write<ProxySession> = {
  name: 'changed_proxy_sessions',
  sql: parameter => updateFrom(sessionTable, ['id'], parameter),
}

/** Sessions that ended: with their thread, unless they have another by now, or because they were deleted. */
export const endProxySession: Write<{
  id: string
  threadId: string
  reason: string
  endedAt: Date
  deletedAt: Date | null
  version: number
}> = {
  name: 'ended_proxy_sessions',
  sql: parameter => `update proxy_sessions as s
    set status = 'closed', closed_reason = coalesce(s.closed_reason, r.reason),
      ended_at = coalesce(s.ended_at, r."endedAt"), deleted_at = coalesce(s.deleted_at, r."deletedAt"),
      updated_at = r."endedAt", version = r.version
    from json_to_recordset($${parameter}::json) as r(id uuid, "threadId" uuid, reason text, "endedAt" timestamptz,
      "deletedAt" timestamptz, version bigint)
    where s.account_id = $1 and s.id = r.id and s.thread_id = r."threadId"`,
}

/** Notes that texts went through sessions. */
export const useProxySession: Write<{ id: string; at: Date; version: number }> = {
  name: 'used_proxy_sessions',
  sql: parameter => `update proxy_sessions as s
    set status = 'in-progress', started_at = coalesce(s.started_at, r.at), last_interaction_at = r.at,
      updated_at = r.at, version = r.version
    from json_to_recordset($${parameter}::json) as r(id uuid, at timestamptz, version bigint)
    where s.account_id = $1 and s.id = r.id`,
}

/** One session: `$1` account, `$2` id. */
export const loadProxySession = `select ${sessionColumns}
  from proxy_sessions s
  where s.account_id = $1 and s.id = $2 and s.deleted_at is null`

/** The session of a name: `$1` account, `$2` service, `$3` name. */
export const loadNamedSession = `select s.id
  from proxy_sessions s
  where s.account_id = $1 and s.service_id = $2 and s.unique_name = $3 and s.deleted_at is null`

/** Sessions of a service that are not deleted: `$1` account, `$2` service, `$3` at most so many. */
export const loadSessionsOfService = `select ${sessionColumns}
  from proxy_sessions s
  where s.account_id = $1 and s.service_id = $2 and s.deleted_at is null
  limit $3`

export interface ProxyParticipant {
  id: string
  sessionId: string
  serviceId: string
  friendlyName: string | null
  /** The person. */
  identifier: string
  /** The number of ours that the person texts. */
  proxyIdentifier: string
  numberId: string
  createdAt: Date
  updatedAt: Date
  deletedAt: Date | null
  version: number
  born: number
}

const participantTable = table('proxy_participants', {
  id: 'uuid',
  session_id: 'uuid',
  service_id: 'uuid',
  friendly_name: 'text',
  identifier: 'text',
  proxy_identifier: 'text',
  number_id: 'uuid',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
  deleted_at: 'timestamptz',
  version: 'bigint',
  born: 'bigint',
})

export const proxyParticipantColumns = selectList(participantTable, 'p')

export const insertProxyParticipant: Write<ProxyParticipant> = {
  name: 'new_proxy_participants',
  sql: parameter => insertFrom(participantTable, parameter),
}

export const updateProxyParticipant: Write<ProxyParticipant> = {
  name: 'changed_proxy_participants',
  sql: parameter => updateFrom(participantTable, ['id'], parameter),
}

/** Participants of sessions: `$1` account, `$2` JSON array of session ids. */
export const loadProxyParticipants = `select ${proxyParticipantColumns}
  from json_array_elements_text($2::json) as asked(id)
  join proxy_participants p on p.account_id = $1 and p.session_id = asked.id::uuid
  where p.deleted_at is null
  order by p.born`

export interface ProxyInteraction {
  id: string
  sessionId: string
  serviceId: string
  /** 'dropped': the session was over, or whom it was for had left, when the app had answered. */
  state: 'asking' | 'relayed' | 'blocked' | 'dropped'
  body: string
  media: MessageMedia[] | null
  /** The call that asks about it. */
  callId: string | null
  inboundParticipantId: string | null
  inboundSmsId: string | null
  /** Whom it is for; null once it is known not to reach anybody. */
  outboundParticipantId: string | null
  outboundSmsId: string | null
  createdAt: Date
  updatedAt: Date
  deletedAt: Date | null
  version: number
  born: number
}

const interactionTable = table('proxy_interactions', {
  id: 'uuid',
  session_id: 'uuid',
  service_id: 'uuid',
  state: 'text',
  body: 'text',
  media: 'json',
  call_id: 'uuid',
  inbound_participant_id: 'uuid',
  inbound_sms_id: 'uuid',
  outbound_participant_id: 'uuid',
  outbound_sms_id: 'uuid',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
  deleted_at: 'timestamptz',
  version: 'bigint',
  born: 'bigint',
})

export const interactionColumns = selectList(interactionTable, 'i')

export const insertProxyInteraction: Write<ProxyInteraction> = {
  name: 'new_proxy_interactions',
  sql: parameter => insertFrom(interactionTable, parameter),
}

export const updateProxyInteraction: Write<ProxyInteraction> = {
  name: 'changed_proxy_interactions',
  sql: parameter => updateFrom(interactionTable, ['id'], parameter),
}

/** Hides an interaction. */
export const deleteProxyInteraction: Write<{ id: string; at: Date; version: number }> = {
  name: 'old_proxy_interactions',
  sql: parameter => `update proxy_interactions as i
    set deleted_at = r.at, updated_at = r.at, version = r.version
    from json_to_recordset($${parameter}::json) as r(id uuid, at timestamptz, version bigint)
    where i.account_id = $1 and i.id = r.id`,
}

/** Interactions that calls ask about: `$1` account, `$2` JSON array of call ids. */
export const loadAskedInteractions = `select ${interactionColumns}
  from json_array_elements_text($2::json) as asked(id)
  join proxy_interactions i on i.account_id = $1 and i.call_id = asked.id::uuid and i.state = 'asking'
  order by i.born`

/** A text as calls about its interaction tell of it. */
export type ToldText = Pick<Sms, 'id' | 'mediaCount' | 'others' | 'status' | 'number' | 'person' | 'threadId'>

export interface ToldInteraction extends ProxyInteraction {
  /** The text that was passed on; null when the service spoke. */
  inbound: ToldText | null
}

/** The interactions for which texts went out: `$1` account, `$2` JSON array of the texts' ids. */
export const loadInteractionsOfTexts = `select ${interactionColumns},
    case when s.id is not null then json_build_object('id', s.id, 'mediaCount', s.media_count, 'others', s.others,
      'status', s.status, 'number', s.number, 'person', s.person, 'threadId', s.thread_id) end as inbound
  from json_array_elements_text($2::json) as asked(id)
  join proxy_interactions i on i.account_id = $1 and i.outbound_sms_id = asked.id::uuid and i.deleted_at is null
  left join sms s on s.account_id = $1 and s.id = i.inbound_sms_id`
