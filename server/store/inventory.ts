import type { AddressRequirements, InventoryKind } from '../domain/inventory.ts'
import type { Write } from './changes.ts'
import { selectList, table, upsertFrom } from './rows.ts'

/** A number that an account and its children may buy. */
export interface InventoryNumber {
  number: string
  kind: InventoryKind
  /** ISO 3166, two letters. */
  country: string
  carrier: string
  region: string | null
  locality: string | null
  postalCode: string | null
  rateCenter: string | null
  lata: string | null
  latitude: number | null
  longitude: number | null
  addressRequirements: AddressRequirements
  isBeta: boolean
  canVoice: boolean
  canSms: boolean
  canMms: boolean
  canFax: boolean
}

const inventoryTable = table('inventory', {
  number: 'text',
  kind: 'text',
  country: 'text',
  carrier: 'text',
  region: 'text',
  locality: 'text',
  postal_code: 'text',
  rate_center: 'text',
  lata: 'text',
  latitude: 'double precision',
  longitude: 'double precision',
  address_requirements: 'text',
  is_beta: 'boolean',
  can_voice: 'boolean',
  can_sms: 'boolean',
  can_mms: 'boolean',
  can_fax: 'boolean',
})

export const inventoryColumns = selectList(inventoryTable, 'i')

/** Writes what may be bought; what is known already is brought up to date. */
export const putInventory: Write<InventoryNumber> = {
  name: 'put_inventory',
  sql: parameter => upsertFrom(inventoryTable, ['number'], parameter),
}
