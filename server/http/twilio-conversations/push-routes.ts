import {
  createPushCredential,
  deletePushCredential,
  type PushCredentialChange,
  updatePushCredential,
} from '../../core/accounts/push-credentials.ts'
import { sid, uuidOfSid } from '../../domain/ids.ts'
import { formatIsoSeconds } from '../../domain/wire-time.ts'
import { findPushCredential, listPushCredentials, type PushCredential } from '../../store/read/push-credentials.ts'
import { notFound } from '../twilio-errors.ts'
import { pageOfAll, readPage, v1List } from '../twilio-paging.ts'
import type { Parameters } from '../twilio-parameters.ts'
import { answerList, type ConversationsApi, type ServiceCall } from './api.ts'
import { LARGE_PAGES, refuse } from './limits.ts'
import type { Place } from './resources/conversation.ts'

const SECRETS = ['Certificate', 'PrivateKey', 'ApiKey', 'Secret'] as const

/** Push notifications: what they would be sent with, and who would get them. None are sent, so nobody is bound. */
export function pushRoutes({ core, inAccount }: ConversationsApi): void {
  inAccount('/Credentials', {
    async create(call) {
      const { kind, ...change } = readCredential(call.parameters)
      if (!kind) throw refuse(20001, 'Missing required parameter Type')
      return credentialResource(call, await createPushCredential(core, call.accountId, { ...change, kind }))
    },
    list: call =>
      answerList(call, {
        key: 'credentials',
        rules: LARGE_PAGES,
        read: asked => listPushCredentials(core.db, call.accountId, asked),
        keyOf: credential => [credential.born],
        spell: credential => credentialResource(call, credential),
      }),
  })

  inAccount('/Credentials/:credentialSid', {
    async fetch(call) {
      const credential = await findPushCredential(core.db, call.accountId, credentialIdOf(call))
      if (!credential) throw notFound(call.request)
      return credentialResource(call, credential)
    },
    async update(call) {
      const change = readCredential(call.parameters)
      return credentialResource(call, await updatePushCredential(core, call.accountId, credentialIdOf(call), change))
    },
    remove: call => deletePushCredential(core, call.accountId, credentialIdOf(call)),
  })

  inAccount('/Services/:serviceSid/Bindings', {
    async list(call) {
      const page = pageOfAll<never>([], readPage(call.parameters, LARGE_PAGES), () => [])
      return v1List(call.request, call.origin, 'bindings', [], page)
    },
  })
  const noBinding = async ({ request }: ServiceCall) => {
    throw notFound(request)
  }
  inAccount('/Services/:serviceSid/Bindings/:bindingSid', { fetch: noBinding, remove: noBinding })
}

function readCredential(parameters: Parameters): PushCredentialChange {
  const secrets: Record<string, string> = {}
  for (const name of SECRETS) {
    const value = parameters.filled(name)
    if (value) secrets[name] = value
  }
  return {
    kind: parameters.oneOf('Type', ['apn', 'gcm', 'fcm']),
    friendlyName: parameters.text('FriendlyName'),
    isSandbox: parameters.flag('Sandbox'),
    secrets,
  }
}

function credentialIdOf({ path, request }: ServiceCall): string {
  const id = uuidOfSid('CR', path.credentialSid ?? '')
  if (!id) throw notFound(request)
  return id
}

/** The sandbox is told in words, as Twilio does. Source: OpenAPI `conversations.v1.credential`. */
function credentialResource({ accountSid, base }: Place, credential: PushCredential) {
  const credentialSid = sid('CR', credential.id)
  const { isSandbox } = credential
  return {
    sid: credentialSid,
    account_sid: accountSid,
    friendly_name: credential.friendlyName,
    type: credential.kind,
    sandbox: isSandbox === null ? null : isSandbox ? 'True' : 'False',
    date_created: formatIsoSeconds(credential.createdAt),
    date_updated: formatIsoSeconds(credential.updatedAt),
    url: `${base}/Credentials/${credentialSid}`,
  }
}
