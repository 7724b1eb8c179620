import { randomBytes } from 'node:crypto'
import { countryOf } from '../domain/geography.ts'
import { newId, sid, uuidOfSid } from '../domain/ids.ts'
import type { Seed, SeedAccount, SeedNumber } from '../domain/seed.ts'
import type { Seal } from '../kit/seal.ts'
import { insertAccount, insertLookup } from '../store/accounts.ts'
import { insertApiKey } from '../store/api-keys.ts'
import { insertNumber, type OwnedNumber } from '../store/numbers.ts'
import { type Act, act } from './act.ts'
import type { Core } from './core.ts'

/** Credentials as they were given or made: shown once. */
export interface SeededAccount {
  sid: string
  authToken: string
  name: string
  keys: { sid: string; secret: string }[]
  numbers: string[]
}

/** Makes what the seed names and is not there yet; what is there stays as it is, so that applying it again is harmless. */
export async function applySeed(core: Core, seal: Seal, seed: Seed): Promise<SeededAccount[]> {
  const seeded: SeededAccount[] = []
  for (const account of seed.accounts) seeded.push(await applyAccount(core, seal, account))
  return seeded
}

async function applyAccount(core: Core, seal: Seal, account: SeedAccount): Promise<SeededAccount> {
  const accountId = (account.sid && uuidOfSid('AC', account.sid)) || newId(core.clock.machineMs())
  const authToken = account.authToken ?? randomSecret()
  await insertAccount(core.db, {
    accountId,
    parentId: null,
    name: account.name,
    authToken: seal.seal(authToken),
    settings: {},
    now: core.clock.world(),
  })
  const keys = (account.apiKeys ?? []).map(key => ({
    id: (key.sid && uuidOfSid('SK', key.sid)) || newId(core.clock.machineMs()),
    secret: key.secret ?? randomSecret(),
    name: key.name ?? '',
  }))
  const numbers = account.numbers ?? []
  for (const key of keys) await claim(core, 'key', key.id, accountId)
  for (const { number } of numbers) await claim(core, 'number', number, accountId)
  await act(core, accountId, async step => {
    const known = await step.numberRoutes(numbers.map(({ number }) => number))
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
      if (!known.has(number.number)) step.changes.add(insertNumber, ownedNumber(step, number))
    }
    step.changes.touchConfig()
  })
  return {
    sid: sid('AC', accountId),
    authToken,
    name: account.name,
    keys: keys.map(key => ({ sid: sid('SK', key.id), secret: key.secret })),
    numbers: numbers.map(({ number }) => number),
  }
}

async function claim(core: Core, kind: 'number' | 'key', key: string, accountId: string): Promise<void> {
  if (await insertLookup(core.db, kind, key, accountId)) return
  throw new Error(`The seed gives ${kind} ${key} to an account, but another one has it.`)
}

function ownedNumber(step: Act, seed: SeedNumber): OwnedNumber {
  const version = step.tick()
  const isShortCode = !seed.number.startsWith('+')
  return {
    id: (seed.sid && uuidOfSid(['PN', 'SC'], seed.sid)) || newId(step.now.getTime()),
    number: seed.number,
    kind: seed.type ?? (isShortCode ? 'short_code' : 'local'),
    country: seed.country ?? countryOf(seed.number) ?? 'US',
    carrier: seed.carrier ?? 'simulator',
    friendlyName: seed.friendlyName ?? seed.number,
    smsUrl: seed.smsUrl ?? '',
    smsMethod: seed.smsMethod ?? 'POST',
    smsFallbackUrl: seed.smsFallbackUrl ?? '',
    smsFallbackMethod: seed.smsFallbackMethod ?? 'POST',
    statusCallback: '',
    statusCallbackMethod: 'POST',
    smsApplicationId: null,
    queueId: null,
    poolId: null,
    settings: {},
    createdAt: step.now,
    updatedAt: step.now,
    version,
    born: version,
  }
}

function randomSecret(): string {
  return randomBytes(16).toString('hex')
}
