import { createNote, deleteNotes, editNote } from '../../core/inbox/notes.ts'
import { isUuid } from '../../domain/ids.ts'
import { findInboxNote, listInboxNotes } from '../../store/read/inbox-notes.ts'
import { idsOf, objectOf, textOf } from './bodies.ts'
import type { RingCentralDialect } from './dialect.ts'
import { invalidParameter, notFound } from './errors.ts'
import { listOf } from './paging.ts'
import { noteResource } from './resources.ts'
import { queueIdsOf } from './threads.ts'
import { uuidOf } from './uuids.ts'

const NOTES = '/v1.0/account/:accountId/message-threads/notes'
/** Notes deleted at once. */
const MAX_DELETED = 100

/** Notes on threads: list, create, edit, delete. */
export function noteRoutes(dialect: RingCentralDialect): void {
  const { core } = dialect
  const access = { scope: 'SMS', group: 'medium' } as const

  async function shown(accountId: string, noteId: string) {
    const note = await findInboxNote(core.db, accountId, noteId)
    if (!note) throw notFound('noteId', noteId)
    return noteResource(note)
  }

  dialect.operation('GET', NOTES, {
    ...access,
    async run({ caller, query }) {
      const asked = query.page()
      const page = await listInboxNotes(
        core.db,
        caller.accountId,
        {
          queueIds: await queueIdsOf(dialect, caller, query.decimals('ownerExtensionIds')),
          threadIds: query.uuids('threadIds'),
          ids: query.uuids('noteIds'),
          availability: query.availability(),
        },
        asked,
      )
      return listOf(page, asked, noteResource)
    },
  })

  dialect.operation('POST', NOTES, {
    ...access,
    status: 201,
    async run({ caller, body }) {
      const asked = objectOf(body)
      const text = textOf(asked, 'text')
      const threadId = uuidOf(asked.threadId)
      if (threadId === null) throw invalidParameter('threadId', asked.threadId)
      const id = await createNote(core, caller.accountId, { threadId, text, by: caller.userId })
      return shown(caller.accountId, id)
    },
  })

  dialect.operation('PATCH', `${NOTES}/:noteId`, {
    ...access,
    async run({ caller, path, body }) {
      const noteId = uuidOf(path.noteId)
      if (noteId === null) throw notFound('noteId', path.noteId ?? '')
      await editNote(core, caller.accountId, { noteId, text: textOf(objectOf(body), 'text'), by: caller.userId })
      return shown(caller.accountId, noteId)
    },
  })

  dialect.operation('DELETE', NOTES, {
    ...access,
    status: 204,
    async run({ caller, body }) {
      const ids = idsOf(objectOf(body), 'ids', MAX_DELETED, isUuid).map(id => id.toLowerCase())
      await deleteNotes(core, caller.accountId, { ids, by: caller.userId })
    },
  })
}
