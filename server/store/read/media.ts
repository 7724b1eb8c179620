import type { Queryable } from '../../kit/queryable.ts'
import type { Media } from '../media.ts'

export type MediaRecord = Media

const COLUMNS = `m.id, m.sms_id as "smsId", m.position, m.content_type as "contentType", m.file_name as "fileName",
  m.size, m.source_url as "sourceUrl", m.fetched_at as "fetchedAt", m.created_at as "createdAt",
  m.updated_at as "updatedAt"`

/** The files of a text, in order. */
export function listMedia(db: Queryable, accountId: string, smsId: string): Promise<Media[]> {
  return db.query<Media>(
    `select ${COLUMNS} from media m where m.account_id = $1 and m.sms_id = $2 order by m.position`,
    [accountId, smsId],
  )
}

/** One file, without its bytes. */
export async function findMedia(db: Queryable, accountId: string, mediaId: string): Promise<Media | null> {
  const rows = await db.query<Media>(`select ${COLUMNS} from media m where m.account_id = $1 and m.id = $2`, [
    accountId,
    mediaId,
  ])
  return rows[0] ?? null
}

/** A file's bytes, a chunk at a time. */
export async function* readMediaBytes(db: Queryable, accountId: string, mediaId: string): AsyncGenerator<Buffer> {
  for (let seq = 0; ; seq++) {
    const rows = await db.query<{ bytes: Buffer }>(
      `select c.bytes
       from media m
       join media_chunks c on c.account_id = $1 and c.media_id = coalesce(m.copy_of, m.id) and c.seq = $3
       where m.account_id = $1 and m.id = $2`,
      [accountId, mediaId, seq],
    )
    if (!rows[0]) return
    yield rows[0].bytes
  }
}
