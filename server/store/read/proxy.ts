import type { Sms } from '../../domain/sms.ts'
import type { Queryable } from '../../kit/queryable.ts'
import { numberColumns, type OwnedNumber } from '../numbers.ts'
import type { PoolNumberState } from '../pool-numbers.ts'
import { type Pool, poolColumns } from '../pools.ts'
import {
  interactionColumns,
  type ProxyInteraction,
  type ProxyParticipant,
  type ProxySession,
  proxyParticipantColumns,
  sessionColumns,
} from '../proxy.ts'
import { bornRange, type ListRange } from './list-range.ts'

export type { ProxyInteraction, ProxyParticipant, ProxySession } from '../proxy.ts'

/** A pool that masks, by its id or its name; null when there is none. */
export async function findProxyService(
  db: Queryable,
  accountId: string,
  asked: { id: string | null; name: string },
): Promise<Pool | null> {
  const rows = await db.query<Pool>(
    `select ${poolColumns}
     from pools p
     where p.account_id = $1 and p.deleted_at is null and p.settings ? 'proxy'
       and (p.id = $2 or $2::uuid is null and p.name = $3)`,
    [accountId, asked.id, asked.name],
  )
  return rows[0] ?? null
}

/** An account's pools that mask, newest first. */
export function listProxyServices(db: Queryable, accountId: string, range: ListRange): Promise<Pool[]> {
  const { below, above, order, limit, offset } = bornRange(range)
  return db.query<Pool>(
    `select ${poolColumns}
     from pools p
     where p.account_id = $1 and p.deleted_at is null and p.settings ? 'proxy' and p.born < $2 and p.born > $3
     order by p.born ${order}
     limit $4 offset $5`,
    [accountId, below, above, limit, offset],
  )
}

export interface ProxyNumber extends OwnedNumber {
  state: PoolNumberState
  /** Open sessions that use it. */
  inUse: number
}

/** Numbers of a pool that masks, newest first; of one id where it is given. */
export function listProxyNumbers(
  db: Queryable,
  accountId: string,
  { poolId, id }: { poolId: string; id?: string },
  range: ListRange,
): Promise<ProxyNumber[]> {
  const { below, above, order, limit, offset } = bornRange(range)
  return db.query<ProxyNumber>(
    `select ${numberColumns}, m.state,
       (select count(distinct b.thread_id)::integer
        from pairs b
        where b.account_id = $1 and b.number = n.number) as "inUse"
     from numbers n
     join pool_numbers m on m.account_id = $1 and m.number = n.number and m.pool_id = n.pool_id
     where n.account_id = $1 and n.pool_id = $2 and n.released_at is null
       and ($3::uuid is null or n.id = $3)
       and n.born < $4 and n.born > $5
     order by n.born ${order}
     limit $6 offset $7`,
    [accountId, poolId, id ?? null, below, above, limit, offset],
  )
}

/** A session of a service, by its id or its name; null when there is none. */
export async function findProxySession(
  db: Queryable,
  accountId: string,
  asked: { serviceId: string; id: string | null; name: string },
): Promise<ProxySession | null> {
  const rows = await db.query<ProxySession>(
    `select ${sessionColumns}
     from proxy_sessions s
     where s.account_id = $1 and s.service_id = $2 and s.deleted_at is null
       and (s.id = $3 or $3::uuid is null and s.unique_name = $4)`,
    [accountId, asked.serviceId, asked.id, asked.name],
  )
  return rows[0] ?? null
}

/** Sessions of a service, newest first. */
export function listProxySessions(
  db: Queryable,
  accountId: string,
  serviceId: string,
  range: ListRange,
): Promise<ProxySession[]> {
  const { below, above, order, limit, offset } = bornRange(range)
  return db.query<ProxySession>(
    `select ${sessionColumns}
     from proxy_sessions s
     where s.account_id = $1 and s.service_id = $2 and s.deleted_at is null and s.born < $3 and s.born > $4
     order by s.born ${order}
     limit $5 offset $6`,
    [accountId, serviceId, below, above, limit, offset],
  )
}

/** Participants of a session, newest first; of one id where it is given. */
export function listProxyParticipants(
  db: Queryable,
  accountId: string,
  { sessionId, id }: { sessionId: string; id?: string },
  range: ListRange,
): Promise<ProxyParticipant[]> {
  const { below, above, order, limit, offset } = bornRange(range)
  return db.query<ProxyParticipant>(
    `select ${proxyParticipantColumns}
     from proxy_participants p
     where p.account_id = $1 and p.session_id = $2 and p.deleted_at is null and ($3::uuid is null or p.id = $3)
       and p.born < $4 and p.born > $5
     order by p.born ${order}
     limit $6 offset $7`,
    [accountId, sessionId, id ?? null, below, above, limit, offset],
  )
}

/** What an interaction says of one of its texts. */
export type InteractionText = Pick<Sms, 'id' | 'status' | 'mediaCount' | 'others'>

export interface InteractionRecord extends ProxyInteraction {
  inbound: InteractionText | null
  outbound: InteractionText | null
}

const textOf = (alias: string) => `case when ${alias}.id is not null then json_build_object('id', ${alias}.id,
      'status', ${alias}.status, 'mediaCount', ${alias}.media_count, 'others', ${alias}.others) end`

/** Interactions of a session, newest first; of one id, and those with one participant, where they are given. */
export function listInteractions(
  db: Queryable,
  accountId: string,
  { sessionId, participantId, id }: { sessionId: string; participantId?: string; id?: string },
  range: ListRange,
): Promise<InteractionRecord[]> {
  const { below, above, order, limit, offset } = bornRange(range)
  return db.query<InteractionRecord>(
    `select ${interactionColumns}, ${textOf('a')} as inbound, ${textOf('b')} as outbound
     from proxy_interactions i
     left join sms a on a.account_id = $1 and a.id = i.inbound_sms_id
     left join sms b on b.account_id = $1 and b.id = i.outbound_sms_id
     where i.account_id = $1 and i.session_id = $2 and i.deleted_at is null
       and ($3::uuid is null or i.outbound_participant_id = $3 or i.inbound_participant_id = $3)
       and ($4::uuid is null or i.id = $4)
       and i.born < $5 and i.born > $6
     order by i.born ${order}
     limit $7 offset $8`,
    [accountId, sessionId, participantId ?? null, id ?? null, below, above, limit, offset],
  )
}
