import { addPoolSender, removePoolSender } from '../../core/pools/pool-senders.ts'
import { type SidPrefix, uuidOfSid } from '../../domain/ids.ts'
import { classifyAddress } from '../../domain/phone-number.ts'
import { Refusal } from '../../domain/refusal.ts'
import { findPoolSender, listPoolSenders, type PoolSender } from '../../store/read/sending-pools.ts'
import { notFound, TwilioError } from '../twilio-errors.ts'
import type { Parameters } from '../twilio-parameters.ts'
import { answerV1List, type V1Api, type V1Call } from '../twilio-v1.ts'
import { alreadyThere, refuse } from './errors.ts'
import { alphaSenderResource, channelSenderResource, destinationSenderResource } from './resources.ts'
import { serviceOf } from './service-routes.ts'

interface SenderRoutes {
  path: string
  /** What the list calls its records. */
  key: string
  prefix: SidPrefix
  kind: PoolSender['kind']
  read(parameters: Parameters): { id?: string; sender: string | null; country: string | null }
  spell: typeof alphaSenderResource | typeof destinationSenderResource | typeof channelSenderResource
}

const COUNTRY = /^[A-Z]{2}$/

const KINDS: SenderRoutes[] = [
  {
    path: 'AlphaSenders',
    key: 'alpha_senders',
    prefix: 'AI',
    kind: 'alpha',
    read: parameters => ({ sender: readAlpha(parameters), country: null }),
    spell: alphaSenderResource,
  },
  {
    path: 'DestinationAlphaSenders',
    key: 'alpha_senders',
    prefix: 'AI',
    kind: 'destination_alpha',
    read: parameters => ({ sender: readAlpha(parameters), country: readCountry(parameters) ?? null }),
    spell: destinationSenderResource,
  },
  {
    path: 'ChannelSenders',
    key: 'senders',
    prefix: 'XE',
    kind: 'channel',
    read: parameters => ({ id: readChannelSender(parameters), sender: null, country: null }),
    spell: channelSenderResource,
  },
]

/** Senders of a service that are no numbers. */
export function senderRoutes(api: V1Api): void {
  for (const kind of KINDS) kindRoutes(api, kind)
}

function kindRoutes({ core, resource }: V1Api, { path, key, prefix, kind, read, spell }: SenderRoutes): void {
  const senderOf = async (call: V1Call) => {
    const { id: poolId } = await serviceOf({ core }, call)
    const id = uuidOfSid(prefix, call.path.sid ?? '')
    const sender = id ? await findPoolSender(core.db, call.accountId, { poolId, kind, id }) : null
    if (!sender) throw notFound(call.request)
    return sender
  }

  resource(`/Services/:serviceSid/${path}`, {
    async create(call) {
      const { id: poolId } = await serviceOf({ core }, call)
      const draft = { poolId, kind, ...read(call.parameters) }
      const added = await addPoolSender(core, call.accountId, draft).catch(error => {
        throw error instanceof Refusal && error.code === 'in_use' ? alreadyThere() : error
      })
      return spell(call, added)
    },
    async list(call) {
      const { id: poolId } = await serviceOf({ core }, call)
      const asked = { poolId, kind, country: readCountry(call.parameters) }
      return answerV1List(call, {
        key,
        read: range => listPoolSenders(core.db, call.accountId, asked, range),
        spell: sender => spell(call, sender),
      })
    },
  })

  resource(`/Services/:serviceSid/${path}/:sid`, {
    fetch: async call => spell(call, await senderOf(call)),
    async remove(call) {
      await removePoolSender(core, call.accountId, await senderOf(call))
    },
  })
}

/** Refuses 21708 a name that is missing and 21709 one that carriers would not take. */
function readAlpha(parameters: Parameters): string {
  const name = parameters.filled('AlphaSender')?.trim()
  if (name === undefined) throw refuse(21708, 'AlphaSender is missing')
  if (classifyAddress(name) !== 'alphanumeric') throw refuse(21709, `The Alphanumeric Sender ID ${name} is invalid`)
  return name
}

function readCountry(parameters: Parameters): string | undefined {
  const country = parameters.filled('IsoCountryCode')?.toUpperCase()
  if (country !== undefined && !COUNTRY.test(country)) throw refuse(20001, `Invalid IsoCountryCode: ${country}`)
  return country
}

function readChannelSender(parameters: Parameters): string {
  const senderSid = parameters.filled('Sid')
  if (senderSid === undefined) throw refuse(20001, 'Sid is missing')
  const id = uuidOfSid('XE', senderSid)
  if (!id) throw new TwilioError(404, 20404, `The requested resource ${senderSid} was not found`)
  return id
}
