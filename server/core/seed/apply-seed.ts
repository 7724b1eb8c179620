import { newId, sid, uuidOfSid } from '../../domain/ids.ts'
import type { Seed, SeedAccount } from '../../domain/seed.ts'
import type { Seal } from '../../kit/seal.ts'
import { type AccountSettings, forgetAccountSetting, type Seeding } from '../../store/account-settings.ts'
import { findAccountsBySeedName, findSeeding, insertAccount, insertLookup } from '../../store/accounts.ts'
import { insertApiKey } from '../../store/api-keys.ts'
import { putInventory } from '../../store/inventory.ts'
import { insertNumber } from '../../store/numbers.ts'
import { everHeld } from '../../store/read/numbers.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import { carrierNamed, seedCarriers } from './seed-carriers.ts'
import { seedDelivery } from './seed-delivery.ts'
import { defaultServiceOf, queueOf, type SeededInbox, seedCredentials, seedInbox } from './seed-inbox.ts'
import { inventoryNumber } from './seed-inventory.ts'
import { ownedNumber } from './seed-numbers.ts'
import { seedPools } from './seed-pools.ts'
import { drawSecrets, type SeedSecrets, withSecrets } from './seed-secrets.ts'

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
 * away, so that applying it again is harmless. An account without a SID is known by its name. Only the inventory, the
 * carriers and how texts leave follow the seed. Answers the accounts that were not there, and those of an earlier
 * start that did not come to `endSeed`: with the same secrets each time.
 */
export async function applySeed(
  core: Core,
  seal: Seal,
  seed: Seed,
  source: Seeding['source'] = 'file',
): Promise<SeededAccount[]> {
  const unnamed = seed.accounts.filter(account => !account.sid).map(({ name }) => name)
  const repeated = unnamed.find((name, at) => unnamed.indexOf(name) !== at)
  if (repeated !== undefined) throw new Error(`The seed has two accounts ${repeated} without a sid: give them one.`)
  const seeded: (SeededAccount | null)[] = []
  for (const account of seed.accounts) seeded.push(await applyAccount(core, seal, account, source))
  return seeded.filter(account => account !== null)
}

/** Forgets the secrets of what a seed made: they were shown. */
export async function endSeed(core: Core, seeded: SeededAccount[]): Promise<void> {
  for (const account of seeded) {
    const accountId = uuidOfSid('AC', account.sid)
    if (!accountId) continue
    await act(core, accountId, async step => step.changes.add(forgetAccountSetting, { name: 'seeding' }))
  }
}

/** Null when all of it was there before. */
async function applyAccount(
  core: Core,
  seal: Seal,
  written: SeedAccount,
  source: Seeding['source'],
): Promise<SeededAccount | null> {
  const nowMs = core.clock.machineMs()
  const accountId = (await findAccountId(core, written)) ?? newId(nowMs)
  const drawn = drawSecrets(written, nowMs)
  await insertAccount(core.db, {
    accountId,
    parentId: null,
    name: written.name,
    authToken: seal.seal(written.authToken ?? drawn.authToken),
    settings: {
      ...settingsOf(written),
      seeding: { source, secrets: seal.seal(JSON.stringify(drawn)).toString('base64') } satisfies Seeding,
    },
    now: core.clock.world(),
  })
  const seeding = await findSeeding(core.db, accountId)
  const secrets: SeedSecrets = seeding ? JSON.parse(seal.open(Buffer.from(seeding.secrets, 'base64'))) : drawn
  // A key without a SID is made with its account: nothing could tell it from one that was made before.
  const apiKeys = (written.apiKeys ?? []).filter(key => seeding || key.sid)
  const account = withSecrets({ ...written, apiKeys }, secrets, nowMs)
  const seen = await everHeld(
    core.db,
    accountId,
    (account.numbers ?? []).map(({ number }) => number),
  )
  const numbers = (account.numbers ?? []).filter(({ number }) => !seen.has(number))
  for (const key of account.apiKeys) await claim(core, 'key', idOfKey(key), accountId)
  for (const { number } of numbers) await claim(core, 'number', number, accountId)
  const carriers = await seedCarriers(core, accountId, account)
  const serviceId = await defaultServiceOf(core, accountId)
  const inbox = await act(core, accountId, async step => {
    const made = await seedInbox(step, serviceId, account)
    for (const key of account.apiKeys) {
      const version = step.tick()
      step.changes.add(insertApiKey, {
        id: idOfKey(key),
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
  const credentials = await seedCredentials(core, accountId, account, inbox)
  if (!seeding) return null
  return {
    sid: sid('AC', accountId),
    authToken: account.authToken,
    name: account.name,
    keys: account.apiKeys.map(key => ({ sid: key.sid, secret: key.secret })),
    numbers: (account.numbers ?? []).map(({ number }) => number),
    ...credentials,
  }
}

/** The account that the seed means: of that SID or, without one, of that name. */
async function findAccountId(core: Core, { sid: written, name }: SeedAccount): Promise<string | null> {
  if (written) return uuidOfSid('AC', written)
  const [found, ...others] = await findAccountsBySeedName(core.db, name)
  if (others.length === 0) return found?.accountId ?? null
  throw new Error(`The seed has an account ${name} without a sid, and there are ${others.length + 1} of that name.`)
}

function settingsOf({ sid: written, name, ringcentral, chatServiceSid }: SeedAccount): AccountSettings {
  const defaultServiceId = chatServiceSid && uuidOfSid('IS', chatServiceSid)
  return {
    ...(ringcentral?.accountId && { ringcentralAccountId: ringcentral.accountId }),
    ...(defaultServiceId && { defaultServiceId }),
    ...(!written && { seedName: name }),
  }
}

function idOfKey(key: { sid: string }): string {
  const id = uuidOfSid('SK', key.sid)
  if (id === null) throw new Error(`The seed has a key ${key.sid}, which is no SID of a key.`)
  return id
}

async function claim(core: Core, kind: 'number' | 'key', key: string, accountId: string): Promise<void> {
  if (await insertLookup(core.db, kind, key, accountId)) return
  throw new Error(`The seed gives ${kind} ${key} to an account, but another one has it.`)
}
