import type { FastifyRequest } from 'fastify'
import type { Core } from '../../../core/core.ts'
import { uuidOfSid } from '../../../domain/ids.ts'
import { findService } from '../../../store/read/services.ts'
import { type ShownMedia, takesPart } from '../../../store/read/shown-media.ts'
import { AccessTokenRefused, readAccessToken } from '../../access-token.ts'
import { REQUEST_FAULTS } from '../../access-token-codes.ts'
import type { TwilioAuth } from '../../twilio-auth.ts'
import { notFound, TwilioError } from '../../twilio-errors.ts'

/** Who asks for files of a service: a program of the account, or a chat client as one identity. */
export interface MediaCaller {
  accountId: string
  serviceId: string
  /** Null for a program, which sees everything. */
  identity: string | null
}

/**
 * The caller of a request below `/Services/{IS...}`, by HTTP Basic or by an access token in X-Twilio-Token. Refuses 401
 * with the code of what is wrong, and 20404 when the service is not the caller's.
 */
export async function mediaCallerOf(
  core: Core,
  callerOf: TwilioAuth['callerOf'],
  request: FastifyRequest,
): Promise<MediaCaller> {
  const { serviceSid = '' } = request.params as { serviceSid?: string }
  const serviceId = uuidOfSid('IS', serviceSid)
  const token = request.headers['x-twilio-token']
  const caller = token === undefined ? await programOf() : await clientOf(String(token))
  if (!serviceId || caller.serviceId !== serviceId) throw notFound(request)
  return caller

  async function programOf(): Promise<MediaCaller> {
    const { accountId } = await callerOf(request, null)
    const isThere =
      serviceId && (serviceId === accountId || (await findService(core.db, accountId, serviceId)) !== null)
    if (!isThere) throw notFound(request)
    return { accountId, serviceId, identity: null }
  }

  async function clientOf(jwt: string): Promise<MediaCaller> {
    try {
      return await readAccessToken(core, jwt)
    } catch (error) {
      if (!(error instanceof AccessTokenRefused)) throw error
      const { code, message } = REQUEST_FAULTS[error.code]
      throw new TwilioError(401, code, message)
    }
  }
}

/**
 * Whether a file is there for the caller. A chat client sees what it uploaded itself and what was said where its identity
 * takes part; a file whose message is not known is for whoever knows its SID.
 */
export async function maySee(
  core: Core,
  { accountId, serviceId, identity }: MediaCaller,
  media: ShownMedia,
): Promise<boolean> {
  if (media.serviceId !== null && media.serviceId !== serviceId) return false
  if (identity === null || media.author === identity) return true
  const { threadId } = media
  if (threadId !== null) return takesPart(core.db, accountId, { threadId, identity })
  return media.serviceId === null
}
