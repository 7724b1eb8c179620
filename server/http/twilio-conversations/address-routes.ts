import { changeAddress, createAddress, deleteAddress } from '../../core/numbers/change-address.ts'
import { uuidOfSid } from '../../domain/ids.ts'
import { type AddressRule, findAddress, listAddresses } from '../../store/read/addresses.ts'
import { notFound } from '../twilio-errors.ts'
import { ADDRESS_KINDS, readAddressChange, readAddressName, readNewAddress } from './address-requests.ts'
import { answerList, type ConversationsApi, type ServiceCall } from './api.ts'
import { SMALL_PAGES } from './limits.ts'
import { addressResource } from './resources/configuration.ts'

/** What happens to texts that reach an address of ours and belong to no conversation. */
export function addressRoutes(api: ConversationsApi): void {
  const { core, inAccount } = api

  inAccount('/Configuration/Addresses', {
    async create(call) {
      const rule = await createAddress(core, call.accountId, readNewAddress(call.parameters))
      return addressResource(call, rule, call.serviceId)
    },
    list: call => {
      const kind = call.parameters.oneOf('Type', ADDRESS_KINDS)
      return answerList(call, {
        key: 'address_configurations',
        rules: SMALL_PAGES,
        read: asked => listAddresses(core.db, call.accountId, asked, { kind }),
        keyOf: rule => [rule.born],
        spell: rule => addressResource(call, rule, call.serviceId),
      })
    },
  })

  inAccount('/Configuration/Addresses/:sid', {
    fetch: async call => addressResource(call, await addressOf(api, call), call.serviceId),
    async update(call) {
      const { id, autoCreation } = await addressOf(api, call)
      const change = { addressId: id, ...readAddressChange(call.parameters, autoCreation) }
      return addressResource(call, await changeAddress(core, call.accountId, change), call.serviceId)
    },
    async remove(call) {
      await deleteAddress(core, call.accountId, (await addressOf(api, call)).id)
    },
  })
}

/** An address configuration is named by SID or by its address. */
async function addressOf({ core }: ConversationsApi, call: ServiceCall): Promise<AddressRule> {
  const name = call.path.sid ?? ''
  const id = uuidOfSid('IG', name)
  const rule = await findAddress(core.db, call.accountId, id ? { id } : { address: readAddressName(name) ?? name })
  if (!rule) throw notFound(call.request)
  return rule
}
