import { type AddressRequirements, type Capabilities, type InventoryKind, TEXT_CAPABILITIES } from './inventory.ts'

/** What is known of one of our numbers besides how it routes. */
export interface NumberSettings {
  capabilities: Capabilities
  /** As it was sold, where that says more than the number's kind. */
  soldAs: InventoryKind | null
  isBeta: boolean
  addressRequirements: AddressRequirements
  /** Stored for programs to read back, under the vendor's names, without effect here. */
  kept: Record<string, string | boolean | null>
}

/** Reads a number's settings as they were stored; what is missing is as for a number that was just given to us. */
export function numberSettings(stored: Record<string, unknown>): NumberSettings {
  const settings = stored as Partial<NumberSettings>
  return {
    capabilities: settings.capabilities ?? TEXT_CAPABILITIES,
    soldAs: settings.soldAs ?? null,
    isBeta: settings.isBeta ?? false,
    addressRequirements: settings.addressRequirements ?? 'none',
    kept: settings.kept ?? {},
  }
}
