import { countryOf } from '../../domain/geography.ts'
import { TEXT_CAPABILITIES } from '../../domain/inventory.ts'
import type { SeedInventory } from '../../domain/seed.ts'
import type { InventoryNumber } from '../../store/inventory.ts'

/** A number that can be bought, as a seed describes it; what it does not say is made up sensibly. */
export function inventoryNumber(seed: SeedInventory & { carrier: string }): InventoryNumber {
  const capabilities = { ...TEXT_CAPABILITIES, ...seed.capabilities }
  return {
    number: seed.number,
    kind: seed.type ?? 'local',
    country: seed.country ?? countryOf(seed.number) ?? 'US',
    carrier: seed.carrier,
    region: seed.region ?? null,
    locality: seed.locality ?? null,
    postalCode: seed.postalCode ?? null,
    rateCenter: seed.rateCenter ?? null,
    lata: seed.lata ?? null,
    latitude: seed.latitude ?? null,
    longitude: seed.longitude ?? null,
    addressRequirements: seed.addressRequirements ?? 'none',
    isBeta: seed.beta ?? false,
    canVoice: capabilities.voice,
    canSms: capabilities.sms,
    canMms: capabilities.mms,
    canFax: capabilities.fax,
  }
}
