import type { Core } from '../../../core/core.ts'
import type { InventoryKind } from '../../../domain/inventory.ts'
import {
  type InventoryCountry,
  type InventoryNumber,
  listInventoryCountries,
  searchInventory,
} from '../../../store/read/inventory.ts'
import { notFound } from '../../twilio-errors.ts'
import type { TwilioCall, TwilioResources } from '../../twilio-routes.ts'
import { readInventoryFilter } from './available-filter.ts'
import { headOfFamily } from './family.ts'
import { accountUri, friendlyNumber } from './spelling.ts'

const PATH = '/Accounts/:accountSid/AvailablePhoneNumbers'

const KINDS: { path: string; kind: InventoryKind }[] = [
  { path: 'Local', kind: 'local' },
  { path: 'TollFree', kind: 'toll_free' },
  { path: 'Mobile', kind: 'mobile' },
  { path: 'National', kind: 'national' },
  { path: 'Voip', kind: 'voip' },
  { path: 'SharedCost', kind: 'shared_cost' },
  { path: 'MachineToMachine', kind: 'machine_to_machine' },
]

/** What can be bought: the inventory that the operator gave to the account, or to its parent, less what is held. */
export function availableNumbers({ core, resource }: TwilioResources): void {
  resource(PATH, {
    async list(call) {
      const countries = await listInventoryCountries(core.db, headOfFamily(call))
      const { accountId, request } = call
      return { countries: countries.map(each => countryResource(accountId, each)), uri: request.originalUrl }
    },
  })

  resource(`${PATH}/:country`, {
    fetch: async call => countryResource(call.accountId, await getCountry(core, call)),
  })

  for (const { path, kind } of KINDS) {
    resource(`${PATH}/:country/${path}`, {
      async list(call) {
        const { country } = await getCountry(core, call)
        const filter = await readInventoryFilter(core, call, { country, kind })
        const found = filter ? await searchInventory(core.db, headOfFamily(call), filter) : []
        return { available_phone_numbers: found.map(availableResource), uri: call.request.originalUrl }
      },
    })
  }
}

/** The country of the path. Refuses 20404 one of which the inventory has no number. */
async function getCountry(core: Core, call: TwilioCall): Promise<InventoryCountry> {
  const countries = await listInventoryCountries(core.db, headOfFamily(call))
  const found = countries.find(({ country }) => country === call.path.country?.toUpperCase())
  if (!found) throw notFound(call.request)
  return found
}

const countryNames = new Intl.DisplayNames('en', { type: 'region' })

function countryResource(accountId: string, { country, kinds, isBeta }: InventoryCountry) {
  const uri = `${accountUri(accountId)}/AvailablePhoneNumbers/${country}`
  const served = KINDS.filter(({ kind }) => kinds.includes(kind))
  return {
    beta: isBeta,
    country: countryNames.of(country) ?? country,
    country_code: country,
    subresource_uris: Object.fromEntries(served.map(({ path, kind }) => [kind, `${uri}/${path}.json`])),
    uri: `${uri}.json`,
  }
}

function availableResource(row: InventoryNumber) {
  return {
    address_requirements: row.addressRequirements,
    beta: row.isBeta,
    capabilities: { voice: row.canVoice, sms: row.canSms, mms: row.canMms, fax: row.canFax },
    friendly_name: friendlyNumber(row.number),
    iso_country: row.country,
    lata: row.lata,
    latitude: row.latitude,
    locality: row.locality,
    longitude: row.longitude,
    phone_number: row.number,
    postal_code: row.postalCode,
    rate_center: row.rateCenter,
    region: row.region,
  }
}
