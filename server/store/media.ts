import type { Write } from './changes.ts'
import { insertFrom, table, updateFrom } from './rows.ts'

/** One file of a text. Bytes are rows of `media_chunks`; until fetched there is only where they are. */
export interface Media {
  id: string
  smsId: string | null
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
