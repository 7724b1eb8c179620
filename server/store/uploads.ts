import type { Queryable } from '../kit/queryable.ts'
import type { Write } from './changes.ts'
import { insertFrom, table } from './rows.ts'

/** A file that is being uploaded: it counts once it is complete. */
export interface Upload {
  id: string
  serviceId: string
  /** The identity that uploads; null for a program. */
  author: string | null
  contentType: string
  fileName: string | null
  position: number
  createdAt: Date
  updatedAt: Date
}

const uploadTable = table('media', {
  id: 'uuid',
  service_id: 'uuid',
  author: 'text',
  content_type: 'text',
  file_name: 'text',
  position: 'smallint',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
})

export const insertUpload: Write<Upload> = {
  name: 'new_uploads',
  sql: parameter => insertFrom(uploadTable, parameter),
}

/** Keeps one piece of an upload. Nobody reads it before the upload is complete, so it needs no act. */
export async function insertUploadChunk(
  db: Queryable,
  accountId: string,
  { mediaId, seq, bytes }: { mediaId: string; seq: number; bytes: Buffer },
): Promise<void> {
  await db.query('insert into media_chunks (account_id, media_id, seq, bytes) values ($1, $2, $3, $4)', [
    accountId,
    mediaId,
    seq,
    bytes,
  ])
}

/** Uploads that no message took, complete or not: `$1` account, `$2` begun by then, `$3` at most so many. */
export const loadUnsaidUploads = `select m.id
  from media m
  where m.account_id = $1 and m.service_id is not null and m.message_id is null and m.created_at <= $2
  order by m.created_at
  limit $3`
