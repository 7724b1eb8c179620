import type { Write } from './changes.ts'
import { insertFrom, selectList, table, updateFrom } from './rows.ts'

/** One file of a text. Bytes are rows of `media_chunks`; until fetched there is only where they are. */
export interface Media {
  id: string
  smsId: string | null
  /** The thread's message that shows it, when no text of its own brought it. */
  messageId: string | null
  position: number
  contentType: string | null
  fileName: string | null
  size: number | null
  sourceUrl: string | null
  fetchedAt: Date | null
  createdAt: Date
  updatedAt: Date
}

export const mediaTable = table('media', {
  id: 'uuid',
  sms_id: 'uuid',
  message_id: 'uuid',
  position: 'smallint',
  content_type: 'text',
  file_name: 'text',
  size: 'integer',
  source_url: 'text',
  fetched_at: 'timestamptz',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
})

export const insertMedia: Write<Media> = {
  name: 'new_media',
  sql: parameter => insertFrom(mediaTable, parameter),
}

/** Bytes are kept in pieces of this size, so that neither server nor client ever holds one huge value. */
export const CHUNK_BYTES = 1024 * 1024

export interface MediaChunk {
  mediaId: string
  seq: number
  /** Base64. */
  bytes: string
}

export const insertMediaChunk: Write<MediaChunk> = {
  name: 'new_media_chunks',
  sql: parameter => `insert into media_chunks (account_id, media_id, seq, bytes)
    select $1, r."mediaId", r.seq, decode(r.bytes, 'base64')
    from json_to_recordset($${parameter}::json) as r("mediaId" uuid, seq integer, bytes text)`,
}

/** The bytes as rows to insert. */
export function chunksOf(mediaId: string, bytes: Uint8Array): MediaChunk[] {
  const chunks: MediaChunk[] = []
  for (let at = 0, seq = 0; at < bytes.length; at += CHUNK_BYTES, seq++) {
    const piece = bytes.subarray(at, at + CHUNK_BYTES)
    chunks.push({
      mediaId,
      seq,
      bytes: Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString('base64'),
    })
  }
  return chunks
}

/** What a file turned out to be once it was fetched. */
export interface FetchedMedia {
  id: string
  contentType: string
  fileName: string | null
  size: number
  fetchedAt: Date
  updatedAt: Date
}

const fetchedMediaTable = table('media', {
  id: 'uuid',
  content_type: 'text',
  file_name: 'text',
  size: 'integer',
  fetched_at: 'timestamptz',
  updated_at: 'timestamptz',
})

export const storeFetchedMedia: Write<FetchedMedia> = {
  name: 'fetched_media',
  sql: parameter => updateFrom(fetchedMediaTable, ['id'], parameter),
}

/** One file: `$1` account, `$2` id. */
export const loadMedia = `select ${selectList(mediaTable, 'm')} from media m where m.account_id = $1 and m.id = $2`

/** The files of texts: `$1` account, `$2` JSON array of texts' ids. */
export const loadMediaOfTexts = `select m.id, m.sms_id as "smsId"
  from json_array_elements_text($2::json) as asked(id)
  join media m on m.account_id = $1 and m.sms_id = asked.id::uuid`

export const deleteMedia: Write<{ id: string }> = {
  name: 'deleted_media',
  sql: parameter => `delete from media as m
    using json_to_recordset($${parameter}::json) as r(id uuid)
    where m.account_id = $1 and m.id = r.id`,
}

export const deleteMediaBytes: Write<{ id: string }> = {
  name: 'deleted_media_bytes',
  sql: parameter => `delete from media_chunks as c
    using json_to_recordset($${parameter}::json) as r(id uuid)
    where c.account_id = $1 and c.media_id = r.id`,
}

/** Takes files off their texts; whoever else shows them still finds them. */
export const detachMedia: Write<{ id: string }> = {
  name: 'detached_media',
  sql: parameter => `update media as m
    set sms_id = null
    from json_to_recordset($${parameter}::json) as r(id uuid)
    where m.account_id = $1 and m.id = r.id`,
}
