import { newId } from '../../domain/ids.ts'
import { ACCOUNT_LANE } from '../../domain/lane.ts'
import { Refusal } from '../../domain/refusal.ts'
import { CHUNK_BYTES, deleteMedia, deleteMediaBytes, storeFetchedMedia } from '../../store/media.ts'
import { insertUpload, insertUploadChunk, loadUnsaidUploads, type Upload } from '../../store/uploads.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'

/** Of one file. Source: Twilio, Conversations limits. */
export const MAX_UPLOAD_BYTES = 150 * 1024 * 1024
/** How long an upload waits for the message that says it. */
const KEPT_UNSAID_MS = 24 * 60 * 60 * 1000
const PURGED_AN_ACT = 20

export type UploadFacts = Pick<Upload, 'serviceId' | 'author' | 'contentType' | 'fileName'>

/**
 * Keeps a file piece by piece as its bytes come in, never whole in memory; it is there once this resolves, and not at all
 * when it does not. Gives its id. Refuses `media_invalid` for an empty file and for one over `MAX_UPLOAD_BYTES`.
 */
export async function uploadMedia(
  core: Core,
  accountId: string,
  facts: UploadFacts,
  bytes: AsyncIterable<Buffer>,
): Promise<string> {
  const id = newId(core.clock.machineMs())
  await act(core, accountId, async step => {
    step.changes.add(insertUpload, { ...facts, id, position: 0, createdAt: step.now, updatedAt: step.now })
    step.due(ACCOUNT_LANE, new Date(step.now.getTime() + KEPT_UNSAID_MS))
  })
  try {
    const size = await keepBytes(core, accountId, id, bytes)
    await act(core, accountId, async step => {
      const { contentType, fileName } = facts
      step.changes.add(storeFetchedMedia, {
        id,
        contentType,
        fileName,
        size,
        fetchedAt: step.now,
        updatedAt: step.now,
      })
    })
    return id
  } catch (error) {
    // What cannot be forgotten now is purged after a day.
    await forget(core, accountId, id).catch(() => {})
    throw error
  }
}

/** Forgets uploads that no message took within a day. True when there may be more. */
export async function purgeUploads(core: Core, accountId: string): Promise<boolean> {
  const until = new Date(core.clock.world().getTime() - KEPT_UNSAID_MS)
  return act(core, accountId, async step => {
    const rows = await step.load<{ id: string }>(loadUnsaidUploads, [accountId, until, PURGED_AN_ACT])
    step.changes.add(deleteMedia, ...rows)
    step.changes.add(deleteMediaBytes, ...rows)
    return rows.length === PURGED_AN_ACT
  })
}

async function keepBytes(
  core: Core,
  accountId: string,
  mediaId: string,
  bytes: AsyncIterable<Buffer>,
): Promise<number> {
  let size = 0
  let seq = 0
  let waiting: Buffer[] = []
  let waitingBytes = 0
  for await (const piece of bytes) {
    size += piece.length
    if (size > MAX_UPLOAD_BYTES) throw new Refusal('media_invalid', 'The file is too large.', { problem: 'too_large' })
    waiting.push(piece)
    waitingBytes += piece.length
    if (waitingBytes < CHUNK_BYTES) continue
    const whole = Buffer.concat(waiting)
    let at = 0
    for (; whole.length - at >= CHUNK_BYTES; at += CHUNK_BYTES) {
      await insertUploadChunk(core.db, accountId, { mediaId, seq: seq++, bytes: whole.subarray(at, at + CHUNK_BYTES) })
    }
    waiting = [whole.subarray(at)]
    waitingBytes = whole.length - at
  }
  if (size === 0) throw new Refusal('media_invalid', 'The file is empty.', { problem: 'empty' })
  if (waitingBytes > 0) await insertUploadChunk(core.db, accountId, { mediaId, seq, bytes: Buffer.concat(waiting) })
  return size
}

async function forget(core: Core, accountId: string, id: string): Promise<void> {
  await act(core, accountId, async step => {
    step.changes.add(deleteMedia, { id })
    step.changes.add(deleteMediaBytes, { id })
  })
}
