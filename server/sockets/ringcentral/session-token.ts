/**
 * What a client shows to recover its session: which one it was, and up to which version of the account it was told
 * everything. It is no secret and no key: it counts only for the user and program whose session it is.
 */
export interface SessionToken {
  accountId: string
  sessionId: string
  version: number
  /** False: the session had subscribed nothing, so that nothing can have been missed. */
  isSubscribed: boolean
}

export function writeSessionToken({ accountId, sessionId, version, isSubscribed }: SessionToken): string {
  return Buffer.from(JSON.stringify([accountId, sessionId, version, isSubscribed])).toString('base64url')
}

/** Null when it can't be read. */
export function readSessionToken(text: string): SessionToken | null {
  try {
    const read: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    if (!Array.isArray(read)) return null
    const [accountId, sessionId, version, isSubscribed] = read as unknown[]
    if (typeof accountId !== 'string' || typeof sessionId !== 'string' || !UUID.test(sessionId)) return null
    if (!Number.isSafeInteger(version) || typeof isSubscribed !== 'boolean') return null
    return { accountId, sessionId, version: Number(version), isSubscribed }
  } catch {
    return null
  }
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
