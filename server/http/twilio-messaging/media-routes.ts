import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { deleteMediaFile } from '../../core/media/delete-media.ts'
import { isMediaTicket } from '../../core/media/media-ticket.ts'
import { smsSidOf } from '../../core/sending/sms-sid.ts'
import { sid, uuidOfSid } from '../../domain/ids.ts'
import { formatRfc2822 } from '../../domain/wire-time.ts'
import { findAccountSettings } from '../../store/read/account-settings.ts'
import { findMedia, listMedia, type MediaRecord, readMediaBytes } from '../../store/read/media.ts'
import { notFound } from '../twilio-errors.ts'
import { pageOfAll, readPage, v2010List } from '../twilio-paging.ts'
import type { TwilioResources } from '../twilio-routes.ts'
import { readDateRange } from './message-filter.ts'
import { API_VERSION } from './message-resource.ts'
import { getSms, smsIdOf } from './message-routes.ts'

interface MediaPath {
  accountSid: string
  messageSid: string
  sid: string
}

/** The files of a message: their list, their description (`.json`), and their bytes. */
export function mediaRoutes({ resource, app, core, callerOf }: TwilioResources): void {
  resource('/Accounts/:accountSid/Messages/:messageSid/Media', {
    async list(call) {
      const { accountId, parameters, request } = call
      const sms = await getSms(core, call, call.path.messageSid)
      const { since, before } = readDateRange(parameters, 'DateCreated')
      const all = (await listMedia(core.db, accountId, sms.id)).filter(
        ({ createdAt }) => (!since || createdAt >= since) && (!before || createdAt < before),
      )
      const page = pageOfAll(all, readPage(parameters), media => [media.position])
      const records = page.rows.map(media => mediaResource(accountId, smsSidOf(sms), media))
      return v2010List(request, 'media_list', records, page)
    },
  })

  const instance = '/Accounts/:accountSid/Messages/:messageSid/Media/:sid'
  resource(
    instance,
    {
      async remove(call) {
        const mediaId = uuidOfSid('ME', call.path.sid ?? '')
        if (mediaId === null) throw notFound(call.request)
        await deleteMediaFile(core, call.accountId, { smsId: smsIdOf(call, call.path.messageSid), mediaId })
      },
    },
    { servedElsewhere: ['GET'] },
  )

  app.get<{ Params: MediaPath; Querystring: { ticket?: unknown } }>(instance, async (request, reply) => {
    const { accountSid, messageSid, sid: name } = request.params
    const isDescription = name.endsWith('.json')
    const accountId = uuidOfSid('AC', accountSid)
    const settings = accountId === null ? null : await findAccountSettings(core.db, accountId)
    if (isDescription || (settings?.mediaNeedsAuth && !hasTicket(name, request.query.ticket))) {
      await callerOf(request, accountSid)
    }
    const media = await find(accountId, messageSid, isDescription ? name.slice(0, -5) : name)
    if (!media || accountId === null) throw notFound(request)
    return isDescription ? mediaResource(accountId, messageSid, media) : sendBytes(request, reply, accountId, media)
  })

  function hasTicket(mediaSid: string, ticket: unknown): boolean {
    const mediaId = uuidOfSid('ME', mediaSid)
    return mediaId !== null && typeof ticket === 'string' && isMediaTicket(core, { mediaId, ticket })
  }

  async function find(accountId: string | null, messageSid: string, mediaSid: string): Promise<MediaRecord | null> {
    const smsId = uuidOfSid(['SM', 'MM'], messageSid)
    const mediaId = uuidOfSid('ME', mediaSid)
    const media = accountId && mediaId ? await findMedia(core.db, accountId, mediaId) : null
    return media && media.smsId === smsId ? media : null
  }

  /** A file may be a web page made by a stranger: browsers must not run it as one of ours. */
  function sendBytes(
    request: FastifyRequest,
    reply: FastifyReply,
    accountId: string,
    media: MediaRecord,
  ): FastifyReply {
    if (media.fetchedAt === null) throw notFound(request)
    reply.headers({
      'content-type': media.contentType ?? 'application/octet-stream',
      'content-length': String(media.size ?? 0),
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'private, max-age=3600',
    })
    if (media.fileName) {
      reply.header('content-disposition', `inline; filename*=UTF-8''${encodeURIComponent(media.fileName)}`)
    }
    return reply.send(Readable.from(readMediaBytes(core.db, accountId, media.id)))
  }
}

function mediaResource(accountId: string, messageSid: string, media: MediaRecord) {
  const accountSid = sid('AC', accountId)
  const mediaSid = sid('ME', media.id)
  return {
    account_sid: accountSid,
    content_type: media.contentType,
    date_created: formatRfc2822(media.createdAt),
    date_updated: formatRfc2822(media.updatedAt),
    parent_sid: messageSid,
    sid: mediaSid,
    uri: `/${API_VERSION}/Accounts/${accountSid}/Messages/${messageSid}/Media/${mediaSid}.json`,
  }
}
