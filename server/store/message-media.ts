import type { Write } from './changes.ts'

/** An uploaded file, as a message may show it. */
export interface SaidMedia {
  id: string
  contentType: string
  fileName: string | null
  size: number
  /** A message shows it, or a text brought it. */
  isSaid: boolean
}

/** Uploaded files: `$1` account, `$2` JSON array of ids. */
export const loadSaidMedia = `select m.id, coalesce(m.content_type, 'application/octet-stream') as "contentType",
    m.file_name as "fileName", coalesce(m.size, 0) as size,
    (m.message_id is not null or m.sms_id is not null) as "isSaid"
  from json_array_elements_text($2::json) as asked(id)
  join media m on m.account_id = $1 and m.id = asked.id::uuid
  where m.fetched_at is not null and m.copy_of is null`

/** Gives uploaded files to the messages that show them. */
export const attachMedia: Write<{ id: string; messageId: string }> = {
  name: 'attached_media',
  sql: parameter => `update media as m
    set message_id = r."messageId"
    from json_to_recordset($${parameter}::json) as r(id uuid, "messageId" uuid)
    where m.account_id = $1 and m.id = r.id`,
}
