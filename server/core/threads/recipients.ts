import type { Sms } from '../../domain/sms.ts'

/** The participants whom one text is for: several when it is a group text. */
export function recipientIdsOf({ settings, participantId }: Pick<Sms, 'settings' | 'participantId'>): string[] {
  return settings?.recipientIds ?? (participantId ? [participantId] : [])
}
