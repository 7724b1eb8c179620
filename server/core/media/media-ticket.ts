import type { Core } from '../core.ts'

/** Longer than any carrier keeps a text before it fetches the files. */
const VALID_FOR_MS = 24 * 60 * 60 * 1000

/** A word that lets a carrier fetch one file of ours without credentials, for a day of machine time. */
export function mediaTicket({ seal, clock }: Pick<Core, 'seal' | 'clock'>, mediaId: string): string {
  return seal.seal(`media ${mediaId} ${clock.machineMs() + VALID_FOR_MS}`).toString('base64url')
}

/** Whether this is a ticket for the file that still holds. */
export function isMediaTicket(
  { seal, clock }: Pick<Core, 'seal' | 'clock'>,
  { mediaId, ticket }: { mediaId: string; ticket: string },
): boolean {
  try {
    const [kind, id, untilMs] = seal.open(Buffer.from(ticket, 'base64url')).split(' ')
    return kind === 'media' && id === mediaId && clock.machineMs() < Number(untilMs)
  } catch {
    // Whatever does not open was not sealed here.
    return false
  }
}
