import type { Core } from '../../../core/core.ts'

/** What a temporary URL stands for. */
export interface TemporaryAccess {
  accountId: string
  mediaId: string
}

/** What temporary URLs are made and read with. */
type Sealing = Pick<Core, 'clock' | 'seal'>

/** Long enough to show a page of messages. Machine time. */
const COUNTS_FOR_MS = 5 * 60 * 1000

/** The last part of a URL that shows one file to whoever has it, for five minutes: sealed, so that nobody can make one. */
export function temporaryName(core: Sealing, { accountId, mediaId }: TemporaryAccess): string {
  const until = core.clock.machineMs() + COUNTS_FOR_MS
  return core.seal.seal([accountId, mediaId, until].join(' ')).toString('base64url')
}

/** The file that such a name shows; null when it is no name of ours, or its time is over. */
export function readTemporaryName(core: Sealing, name: string): TemporaryAccess | null {
  const [accountId, mediaId, until] = opened(core, name).split(' ')
  const counts = Number(until) > core.clock.machineMs()
  return accountId && mediaId && counts ? { accountId, mediaId } : null
}

function opened(core: Sealing, name: string): string {
  try {
    return core.seal.open(Buffer.from(name, 'base64url'))
  } catch {
    return ''
  }
}
