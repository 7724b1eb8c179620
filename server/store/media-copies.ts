import type { Write } from './changes.ts'
import { insertFrom, table } from './rows.ts'

/** A file of a text whose bytes are another file's. */
export interface MediaCopy {
  id: string
  smsId: string
  position: number
  contentType: string
  fileName: string | null
  size: number
  /** The file that has the bytes. */
  copyOf: string
  fetchedAt: Date
  createdAt: Date
  updatedAt: Date
}

const mediaCopyTable = table('media', {
  id: 'uuid',
  sms_id: 'uuid',
  position: 'smallint',
  content_type: 'text',
  file_name: 'text',
  size: 'integer',
  copy_of: 'uuid',
  fetched_at: 'timestamptz',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
})

export const insertMediaCopy: Write<MediaCopy> = {
  name: 'new_media_copies',
  sql: parameter => insertFrom(mediaCopyTable, parameter),
}
