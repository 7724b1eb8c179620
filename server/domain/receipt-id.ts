import { createHash } from 'node:crypto'

/**
 * The id of a recipient's delivery receipt: the text's own, and for each recipient of a group text one made of the text's
 * and the participant's, always the same.
 */
export function receiptId(smsId: string, participantId: string, isGroup: boolean): string {
  if (!isGroup) return smsId
  const hex = createHash('sha256').update(`${smsId} ${participantId}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
