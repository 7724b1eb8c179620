import { Readable } from 'node:stream'
import multipart from '@fastify/multipart'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { uploadMedia } from '../../../core/media/upload-media.ts'
import { isJson } from '../../../domain/attributes.ts'
import { uuidOfSid } from '../../../domain/ids.ts'
import { readMediaBytes } from '../../../store/read/media.ts'
import { findShownMedia, type ShownMedia } from '../../../store/read/shown-media.ts'
import type { App } from '../../server.ts'
import { notFound, TwilioError } from '../../twilio-errors.ts'
import { originOf } from '../../twilio-hosts.ts'
import { registerTwilioDialect, type TwilioDialectOptions, type TwilioResources } from '../../twilio-routes.ts'
import { CONVERSATIONS_SPELLINGS } from '../errors.ts'
import { type MediaCaller, maySee, mediaCallerOf } from './media-caller.ts'
import { mediaResource } from './media-resource.ts'
import { readUpload, tooLarge } from './read-upload.ts'
import { readTemporaryName } from './temporary-url.ts'

export interface MediaServiceOptions extends TwilioDialectOptions {
  publicUrl: string | null
}

/** Files that one request asks for. */
const MAX_SET = 100

/** The media service of Conversations, at `/mcs/v1` and at hosts that begin with `mcs.`; chat clients call it from pages. */
export function registerMediaService(server: App, options: MediaServiceOptions): void {
  registerTwilioDialect(server, options, {
    prefix: '/mcs/v1',
    spellings: {
      ...CONVERSATIONS_SPELLINGS,
      media_invalid: ({ detail }) =>
        detail.problem === 'too_large'
          ? { status: 413, code: 20413, message: tooLarge().message }
          : { status: 400, code: 20001 },
    },
    hasPlainPaths: true,
    routes: resources => mediaRoutes(resources, options.publicUrl),
  })
}

function mediaRoutes({ app, core, callerOf }: TwilioResources, publicUrl: string | null): void {
  // A body is taken as it comes, whatever it is: a file is never whole in memory.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
  app.register(multipart)
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({
      'access-control-allow-origin': '*',
      'access-control-allow-headers': 'X-Twilio-Token, Authorization, Content-Type',
      'access-control-allow-methods': 'GET, POST, OPTIONS',
    })
  })
  app.options('/*', async (_request, reply) => reply.code(204).send())

  app.post('/Services/:serviceSid/Media', async (request, reply) => {
    const caller = await mediaCallerOf(core, callerOf, request)
    // What is left of a body that was refused is not read: the connection ends with the answer.
    reply.header('connection', 'close')
    const { bytes, ...file } = await readUpload(request)
    const { accountId, serviceId, identity } = caller
    const facts = { ...file, serviceId, author: identity }
    const id = await uploadMedia(core, accountId, facts, bytes)
    reply.removeHeader('connection')
    return reply.code(201).send(spell(request, caller, await getMedia(request, caller, id)))
  })

  app.get('/Services/:serviceSid/Media/:mediaSid', async request => {
    const caller = await mediaCallerOf(core, callerOf, request)
    return spell(request, caller, await getMedia(request, caller, mediaIdOf(request)))
  })

  app.get('/Services/:serviceSid/Media/:mediaSid/Content', async (request, reply) => {
    const caller = await mediaCallerOf(core, callerOf, request)
    return sendBytes(reply, caller.accountId, await getMedia(request, caller, mediaIdOf(request)))
  })

  app.register(async small => {
    small.removeAllContentTypeParsers()
    small.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
    small.post('/Services/:serviceSid/MediaSet', async request => {
      const caller = await mediaCallerOf(core, callerOf, request)
      const asked = readSet(typeof request.body === 'string' ? request.body : '')
      return Promise.all(asked.map(async name => setEntry(request, caller, name)))
    })
  })

  app.get('/Temporary/:name', async (request, reply) => {
    const access = readTemporaryName(core, (request.params as { name: string }).name)
    const [media] = access ? await findShownMedia(core.db, access.accountId, [access.mediaId]) : []
    if (!access || !media) throw notFound(request)
    return sendBytes(reply, access.accountId, media)
  })

  async function setEntry(request: FastifyRequest, caller: MediaCaller, name: string) {
    const media = await seenMedia(caller, uuidOfSid('ME', name))
    return media ? { code: 200, media_record: spell(request, caller, media) } : { code: 404, media_sid: name }
  }

  async function getMedia(request: FastifyRequest, caller: MediaCaller, id: string | null): Promise<ShownMedia> {
    const media = await seenMedia(caller, id)
    if (!media) throw notFound(request)
    return media
  }

  async function seenMedia(caller: MediaCaller, id: string | null): Promise<ShownMedia | null> {
    const [media] = id ? await findShownMedia(core.db, caller.accountId, [id]) : []
    return media && (await maySee(core, caller, media)) ? media : null
  }

  function spell(request: FastifyRequest, caller: MediaCaller, media: ShownMedia) {
    const root = request.originalUrl.startsWith('/mcs/') ? '/mcs/v1' : '/v1'
    return mediaResource(core, originOf(request, publicUrl) + root, caller, media)
  }

  /** A file may be a web page made by a stranger: browsers must not run it as one of ours. */
  function sendBytes(reply: FastifyReply, accountId: string, media: ShownMedia): FastifyReply {
    reply.headers({
      'content-type': media.contentType,
      'content-length': String(media.size),
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'private, max-age=300',
    })
    if (media.fileName) {
      reply.header('content-disposition', `inline; filename*=UTF-8''${encodeURIComponent(media.fileName)}`)
    }
    return reply.send(Readable.from(readMediaBytes(core.db, accountId, media.id)))
  }
}

function mediaIdOf(request: FastifyRequest): string | null {
  return uuidOfSid('ME', (request.params as { mediaSid?: string }).mediaSid ?? '')
}

/** `{"command": "get", "list": [{"media_sid": "ME..."}]}` */
function readSet(body: string): string[] {
  const asked: unknown = isJson(body) ? JSON.parse(body) : null
  const list: unknown = typeof asked === 'object' && asked !== null && 'list' in asked ? asked.list : null
  if (!Array.isArray(list) || list.length > MAX_SET) throw new TwilioError(400, 20001, 'Invalid list of media')
  return list.map(each => String(each?.media_sid ?? ''))
}
