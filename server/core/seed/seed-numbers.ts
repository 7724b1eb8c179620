import { countryOf } from '../../domain/geography.ts'
import { newId, uuidOfSid } from '../../domain/ids.ts'
import { TEXT_CAPABILITIES } from '../../domain/inventory.ts'
import type { SeedNumber } from '../../domain/seed.ts'
import type { OwnedNumber } from '../../store/numbers.ts'
import { newNumber } from '../numbers/new-number.ts'
import type { Act } from '../step.ts'

/** A number that the account owns, as a seed describes it. */
export function ownedNumber(step: Act, seed: SeedNumber & { carrier: string }, queueId: string | null): OwnedNumber {
  const isShortCode = !seed.number.startsWith('+')
  return newNumber(step, {
    id: (seed.sid && uuidOfSid(['PN', 'SC'], seed.sid)) || newId(step.now.getTime()),
    number: seed.number,
    kind: seed.type ?? (isShortCode ? 'short_code' : 'local'),
    country: seed.country ?? countryOf(seed.number) ?? 'US',
    carrier: seed.carrier,
    friendlyName: seed.friendlyName ?? seed.number,
    smsUrl: seed.smsUrl ?? '',
    smsMethod: seed.smsMethod ?? 'POST',
    smsFallbackUrl: seed.smsFallbackUrl ?? '',
    smsFallbackMethod: seed.smsFallbackMethod ?? 'POST',
    queueId,
    settings: seed.capabilities ? { capabilities: { ...TEXT_CAPABILITIES, ...seed.capabilities } } : {},
  })
}
