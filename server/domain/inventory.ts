/** What kind of number may be bought. Source: Twilio, AvailablePhoneNumbers. */
export const INVENTORY_KINDS = [
  'local',
  'mobile',
  'toll_free',
  'national',
  'voip',
  'shared_cost',
  'machine_to_machine',
] as const

export type InventoryKind = (typeof INVENTORY_KINDS)[number]

/** What a number can do. */
export interface Capabilities {
  voice: boolean
  sms: boolean
  mms: boolean
  fax: boolean
}

/** What a number can do unless something else is said: carry texts. */
export const TEXT_CAPABILITIES: Capabilities = { voice: false, sms: true, mms: true, fax: false }

/** Whether the owner must have an address registered, and where. */
export const ADDRESS_REQUIREMENTS = ['none', 'any', 'local', 'foreign'] as const

export type AddressRequirements = (typeof ADDRESS_REQUIREMENTS)[number]
