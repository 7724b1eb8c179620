import { addPoolNumbers, removePoolNumber } from '../../core/pools/pool-numbers.ts'
import { type SidPrefix, uuidOfSid } from '../../domain/ids.ts'
import { numberSettings } from '../../domain/number-settings.ts'
import { findNumber, type OwnedNumber } from '../../store/read/numbers.ts'
import { listSenderNumbers } from '../../store/read/sending-pools.ts'
import { notFound, TwilioError } from '../twilio-errors.ts'
import { answerV1List, type V1Api, type V1Call } from '../twilio-v1.ts'
import { alreadyThere, cannotText, refuse, SERVICE_SPELLINGS } from './errors.ts'
import { phoneNumberResource, shortCodeResource } from './resources.ts'
import { serviceOf } from './service-routes.ts'

interface MemberKind {
  path: string
  /** What the list calls its records. */
  key: string
  prefix: SidPrefix
  parameter: string
  isShortCode: boolean
  spell: typeof phoneNumberResource | typeof shortCodeResource
}

const KINDS: MemberKind[] = [
  {
    path: 'PhoneNumbers',
    key: 'phone_numbers',
    prefix: 'PN',
    parameter: 'PhoneNumberSid',
    isShortCode: false,
    spell: phoneNumberResource,
  },
  {
    path: 'ShortCodes',
    key: 'short_codes',
    prefix: 'SC',
    parameter: 'ShortCodeSid',
    isShortCode: true,
    spell: shortCodeResource,
  },
]

/** Phone numbers and short codes of a service: the numbers of its pool. */
export function numberRoutes(api: V1Api): void {
  for (const kind of KINDS) memberRoutes(api, kind)
}

function memberRoutes(
  { core, resource }: V1Api,
  { path, key, prefix, parameter, isShortCode, spell }: MemberKind,
): void {
  const findMember = async (call: V1Call, memberSid: string): Promise<OwnedNumber | null> => {
    const id = uuidOfSid(prefix, memberSid)
    const number = id ? await findNumber(core.db, call.accountId, id) : null
    return number && (number.kind === 'short_code') === isShortCode ? number : null
  }
  const memberOf = async (call: V1Call) => {
    const { id: poolId } = await serviceOf({ core }, call)
    const number = await findMember(call, call.path.sid ?? '')
    if (number?.poolId !== poolId) throw notFound(call.request)
    return { poolId, number }
  }

  resource(`/Services/:serviceSid/${path}`, {
    async create(call) {
      const { id: poolId } = await serviceOf({ core }, call)
      const memberSid = call.parameters.filled(parameter)
      if (memberSid === undefined) throw refuse(20001, `${parameter} is missing`)
      const number = await findMember(call, memberSid)
      if (!number) throw new TwilioError(404, 20404, `The requested resource ${memberSid} was not found`)
      if (number.poolId === poolId) throw alreadyThere()
      if (number.poolId !== null) {
        const { status, code, message } = SERVICE_SPELLINGS.in_use
        throw new TwilioError(status, code, message)
      }
      if (!numberSettings(number.settings).capabilities.sms) throw cannotText()
      await addPoolNumbers(core, call.accountId, poolId, [number.number])
      return spell(call, poolId, (await findMember(call, memberSid)) ?? number)
    },
    async list(call) {
      const { id: poolId } = await serviceOf({ core }, call)
      return answerV1List(call, {
        key,
        read: asked => listSenderNumbers(core.db, call.accountId, { poolId, isShortCode }, asked),
        spell: number => spell(call, poolId, number),
      })
    },
  })

  resource(`/Services/:serviceSid/${path}/:sid`, {
    async fetch(call) {
      const { poolId, number } = await memberOf(call)
      return spell(call, poolId, number)
    },
    async remove(call) {
      const { poolId, number } = await memberOf(call)
      await removePoolNumber(core, call.accountId, { pool: poolId, number: number.number })
    },
  })
}
