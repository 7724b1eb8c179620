import { addPoolNumbers, removePoolNumber, setPoolNumberState } from '../../core/pools/pool-numbers.ts'
import { uuidOfSid } from '../../domain/ids.ts'
import { canonicalAddress } from '../../domain/phone-number.ts'
import { Refusal } from '../../domain/refusal.ts'
import { findNumber, listNumbers, type OwnedNumber } from '../../store/read/numbers.ts'
import { listProxyNumbers } from '../../store/read/proxy.ts'
import { notFound } from '../twilio-errors.ts'
import { answerV1List, type V1Api, type V1Call } from '../twilio-v1.ts'
import { refuse } from './errors.ts'
import { phoneNumberResource } from './resources.ts'
import { serviceOf } from './service-routes.ts'

const ONE = { start: { kind: 'offset' as const, offset: 0 }, size: 1 }

export function numberRoutes(api: V1Api): void {
  const { core, resource } = api

  const numberOf = async (call: V1Call) => {
    const { id: poolId } = await serviceOf(api, call)
    const id = uuidOfSid(['PN', 'SC'], call.path.sid ?? '')
    const [number] = id ? await listProxyNumbers(core.db, call.accountId, { poolId, id }, ONE) : []
    if (!number) throw notFound(call.request)
    return { poolId, number }
  }

  const setReserved = async (call: V1Call, pool: string, { number, id }: Pick<OwnedNumber, 'number' | 'id'>) => {
    const isReserved = call.parameters.flag('IsReserved')
    if (isReserved !== undefined) {
      await setPoolNumberState(core, call.accountId, { pool, number, state: isReserved ? 'reserved' : 'open' })
    }
    const [changed] = await listProxyNumbers(core.db, call.accountId, { poolId: pool, id }, ONE)
    if (!changed) throw notFound(call.request)
    return phoneNumberResource(call, pool, changed)
  }

  resource('/Services/:serviceSid/PhoneNumbers', {
    async create(call) {
      const { id: poolId } = await serviceOf(api, call)
      const number = await readNumber(api, call)
      const state = call.parameters.flag('IsReserved') ? 'reserved' : 'open'
      await addPoolNumbers(core, call.accountId, poolId, [number.number], state)
      return setReserved(call, poolId, number)
    },
    async list(call) {
      const { id: poolId } = await serviceOf(api, call)
      return answerV1List(call, {
        key: 'phone_numbers',
        read: asked => listProxyNumbers(core.db, call.accountId, { poolId }, asked),
        spell: number => phoneNumberResource(call, poolId, number),
      })
    },
  })

  resource('/Services/:serviceSid/PhoneNumbers/:sid', {
    async fetch(call) {
      const { poolId, number } = await numberOf(call)
      return phoneNumberResource(call, poolId, number)
    },
    async update(call) {
      const { poolId, number } = await numberOf(call)
      return setReserved(call, poolId, number)
    },
    async remove(call) {
      const { poolId, number } = await numberOf(call)
      await removePoolNumber(core, call.accountId, { pool: poolId, number: number.number, mustBeUnused: true })
    },
  })
}

/** The number that is to mask, by its SID or itself. Refuses `number_unknown`, and `in_use` when it is in another pool. */
async function readNumber({ core }: V1Api, { accountId, parameters }: V1Call): Promise<OwnedNumber> {
  const numberSid = parameters.filled('Sid')
  const written = parameters.address('PhoneNumber')
  if (numberSid === undefined && written === undefined) throw refuse(20001, 'Sid or PhoneNumber is required')
  const id = numberSid === undefined ? null : uuidOfSid(['PN', 'SC'], numberSid)
  const number = id ? await findNumber(core.db, accountId, id) : await findByNumber(core, accountId, written ?? '')
  if (!number) throw new Refusal('number_unknown', `${numberSid ?? written} is not a number of this account.`)
  return number
}

async function findByNumber(core: V1Api['core'], accountId: string, written: string): Promise<OwnedNumber | null> {
  const pattern = canonicalAddress(written)
  if (pattern === null || !/^[+0-9]+$/.test(pattern)) return null
  const kinds: OwnedNumber['kind'][] = ['local', 'mobile', 'toll_free', 'short_code']
  return (await listNumbers(core.db, accountId, ONE, { kinds, pattern }))[0] ?? null
}
