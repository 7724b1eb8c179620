import { countryOf } from '../domain/geography.ts'
import { newId, sid, uuidOfSid } from '../domain/ids.ts'
import { TEXT_CAPABILITIES } from '../domain/inventory.ts'
import type { Seed, SeedAccount, SeedNumber } from '../domain/seed.ts'
import type { Seal } from '../kit/seal.ts'
import type { AccountSettings } from '../store/account-settings.ts'
import { findAccountsByName, insertAccount, insertLookup } from '../store/accounts.ts'
import { insertApiKey } from '../store/api-keys.ts'
import { putInventory } from '../store/inventory.ts'
import { insertNumber, type OwnedNumber } from '../store/numbers.ts'
import { everHeld } from '../store/read/numbers.ts'
import { act } from './act.ts'
import type { Core } from './core.ts'
import { defaultServiceOf, queueOf, type SeededInbox, seedCredentials, seedInbox } from './inbox/seed-inbox.ts'
import { seedPools } from './pools/seed-pools.ts'
import { randomSecret } from './random-secret.ts'
import { carrierNamed, seedCarriers } from './seed-carriers.ts'
import { seedDelivery } from './seed-delivery.ts'
import { inventoryNumber } from './seed-inventory.ts'
import type { Act } from './step.ts'

/** Credentials as they were given or made: shown once. */
export interface SeededAccount extends SeededInbox {
  sid: string
  authToken: string
  name: string
  keys: { sid: string; secret: string }[]
  numbers: string[]
}

/**
 * Makes what the seed names and is not there yet; what is there stays as it is, and what was given up since stays
 * away, so that applying it again is harmless. An account without a SID is known by its name. Only the inventory and the carriers follow the seed.
 */
export async function applySeed(core: Core, seal: Seal, seed: Seed): Promise<SeededAccount[]> {
  const unnamed = seed.accounts.filter(account => !account.sid).map(({ name }) => name)
  const repeated = unnamed.find((name, at) => unnamed.indexOf(name) !== at)
  if (repeated !== undefined) throw new Error(`The seed has two accounts ${repeated} without a sid: give them one.`)
  const seeded: SeededAccount[] = []
  for (const account of seed.accounts) seeded.push(await applyAccount(core, seal, account))
  return seeded
}

async function applyAccount(core: Core, seal: Seal, account: SeedAccount): Promise<SeededAccount> {
  const accountId = (await findAccountId(core, account)) ?? newId(core.clock.machineMs())
  const authToken = account.authToken ?? randomSecret()
  const isNew = await insertAccount(core.db, {
    accountId,
    parentId: null,
    name: account.name,
    authToken: seal.seal(authToken),
    settings: settingsOf(account),
    now: core.clock.world(),
  })
  // A key without a SID is made with its account: nothing could tell it from one that was made before.
  const named = (account.apiKeys ?? []).filter(key => isNew || key.sid)
  const keys = named.map(key => ({
    id: (key.sid && uuidOfSid('SK', key.sid)) || newId(core.clock.machineMs()),
    secret: key.secret ?? randomSecret(),
    name: key.name ?? '',
  }))
  const seen = await everHeld(
    core.db,
    accountId,
    (account.numbers ?? []).map(({ number }) => number),
  )
  const numbers = (account.numbers ?? []).filter(({ number }) => !seen.has(number))
  for (const key of keys) await claim(core, 'key', key.id, accountId)
  for (const { number } of numbers) await claim(core, 'number', number, accountId)
  const carriers = await seedCarriers(core, accountId, account)
  const serviceId = await defaultServiceOf(core, accountId)
  const inbox = await act(core, accountId, async step => {
    const made = await seedInbox(step, serviceId, account)
    for (const key of keys) {
      const version = step.tick()
      step.changes.add(insertApiKey, {
        id: key.id,
        name: key.name,
        secret: seal.seal(key.secret).toString('base64'),
        createdAt: step.now,
        updatedAt: step.now,
        version,
        born: version,
      })
    }
    for (const number of numbers) {
      const carrier = carrierNamed(carriers, number.carrier, number.number)
      step.changes.add(insertNumber, ownedNumber(step, { ...number, carrier }, queueOf(number, made)))
    }
    for (const sold of account.inventory ?? []) {
      const carrier = carrierNamed(carriers, sold.carrier, sold.number)
      step.changes.add(putInventory, inventoryNumber({ ...sold, carrier }))
    }
    step.changes.touchConfig()
    return made
  })
  await seedPools(core, accountId, account)
  await seedDelivery(core, accountId, account)
  return {
    sid: sid('AC', accountId),
    authToken,
    name: account.name,
    keys: keys.map(key => ({ sid: sid('SK', key.id), secret: key.secret })),
    numbers: (account.numbers ?? []).map(({ number }) => number),
    ...(await seedCredentials(core, accountId, account, inbox)),
  }
}

/** The account that the seed means: of that SID or, without one, of that name. */
async function findAccountId(core: Core, { sid: written, name }: SeedAccount): Promise<string | null> {
  if (written) return uuidOfSid('AC', written)
  const [found, ...others] = await findAccountsByName(core.db, name)
  if (others.length === 0) return found?.accountId ?? null
  throw new Error(`The seed has an account ${name} without a sid, and there are ${others.length + 1} of that name.`)
}

function settingsOf({ ringcentral, chatServiceSid }: SeedAccount): AccountSettings {
  const defaultServiceId = chatServiceSid && uuidOfSid('IS', chatServiceSid)
  return {
    ...(ringcentral?.accountId && { ringcentralAccountId: ringcentral.accountId }),
    ...(defaultServiceId && { defaultServiceId }),
  }
}

async function claim(core: Core, kind: 'number' | 'key', key: string, accountId: string): Promise<void> {
  if (await insertLookup(core.db, kind, key, accountId)) return
  throw new Error(`The seed gives ${kind} ${key} to an account, but another one has it.`)
}

function ownedNumber(step: Act, seed: SeedNumber & { carrier: string }, queueId: string | null): OwnedNumber {
  const version = step.tick()
  const isShortCode = !seed.number.startsWith('+')
  return {
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
    statusCallback: '',
    statusCallbackMethod: 'POST',
    smsApplicationId: null,
    queueId,
    poolId: null,
    settings: seed.capabilities ? { capabilities: { ...TEXT_CAPABILITIES, ...seed.capabilities } } : {},
    createdAt: step.now,
    updatedAt: step.now,
    version,
    born: version,
  }
}
