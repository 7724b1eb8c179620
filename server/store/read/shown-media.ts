import type { Queryable } from '../../kit/queryable.ts'

/** A complete file with where it was uploaded and said. */
export interface ShownMedia {
  id: string
  contentType: string
  fileName: string | null
  size: number
  /** Null for a file that a text brought. */
  serviceId: string | null
  author: string | null
  messageId: string | null
  threadId: string | null
  createdAt: Date
  updatedAt: Date
}

/** Complete files by id, in no order. */
export function findShownMedia(db: Queryable, accountId: string, ids: string[]): Promise<ShownMedia[]> {
  return db.query<ShownMedia>(
    `select m.id, coalesce(m.content_type, 'application/octet-stream') as "contentType", m.file_name as "fileName",
       coalesce(m.size, 0) as size, m.service_id as "serviceId", m.author,
       coalesce(m.message_id, s.message_id) as "messageId", coalesce(g.thread_id, s.thread_id) as "threadId",
       m.created_at as "createdAt", m.updated_at as "updatedAt"
     from media m
     left join sms s on s.account_id = $1 and s.id = m.sms_id
     left join messages g on g.account_id = $1 and g.id = m.message_id
     where m.account_id = $1 and m.id = any($2::uuid[]) and m.fetched_at is not null`,
    [accountId, ids],
  )
}

/** Whether the identity takes part in the thread. */
export async function takesPart(
  db: Queryable,
  accountId: string,
  { threadId, identity }: { threadId: string; identity: string },
): Promise<boolean> {
  const rows = await db.query(
    `select from participants p
     where p.account_id = $1 and p.thread_id = $2 and p.identity = $3 and p.removed_at is null`,
    [accountId, threadId, identity],
  )
  return rows.length > 0
}
