import type { Seed, SeedInventory } from '../../server/domain/seed.ts'
import { ACCOUNT_SID, AUTH_TOKEN } from './test-house.ts'

/** Numbers of every kind, in places known and unknown. */
export const INVENTORY: SeedInventory[] = [
  {
    number: '+15105550101',
    region: 'CA',
    locality: 'Oakland',
    postalCode: '94612',
    rateCenter: 'OAKLAND',
    lata: '722',
    latitude: 37.8,
    longitude: -122.27,
    capabilities: { voice: true },
  },
  { number: '+15105550102', region: 'CA', locality: 'Berkeley', latitude: 37.87, longitude: -122.27, beta: true },
  { number: '+12125550103', region: 'NY', latitude: 40.71, longitude: -74.0, capabilities: { mms: false } },
  { number: '+12125550104', region: 'NY', addressRequirements: 'local' },
  { number: '+12125550105', region: 'NY', addressRequirements: 'any' },
  { number: '+18005550106', type: 'toll_free' },
  { number: '+447700900107', country: 'GB', type: 'mobile' },
  { number: '+443069990108', country: 'GB', type: 'national' },
  { number: '+445600000109', country: 'GB', type: 'voip' },
  { number: '+448440000110', country: 'GB', type: 'shared_cost' },
  { number: '+447700900111', country: 'GB', type: 'machine_to_machine' },
  { number: '+447700900112', country: 'GB', type: 'mobile' },
]

/** An account with these numbers, which may buy those of the inventory. */
export function seedWithInventory(numbers: NonNullable<Seed['accounts'][number]['numbers']> = []): Seed {
  return {
    accounts: [{ sid: ACCOUNT_SID, authToken: AUTH_TOKEN, name: 'Test', numbers, inventory: INVENTORY }],
  }
}
