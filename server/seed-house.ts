import { readFile } from 'node:fs/promises'
import { parse as parseYaml } from 'yaml'
import type { Config } from './config.ts'
import type { Core } from './core/core.ts'
import { applySeed, type SeededAccount } from './core/seed/apply-seed.ts'
import { uuidOfSid } from './domain/ids.ts'
import { DEMO_SEED, parseSeed } from './domain/seed.ts'
import { systemCode } from './kit/system-code.ts'
import { findSeeding, listAccounts } from './store/accounts.ts'
import { inSeedTurn } from './store/seed-turn.ts'

/**
 * Applies the seed file or, where none is named, makes the demo account in an empty database; one that an earlier start
 * left half made is completed. Answers the accounts whose secrets are still to be shown: `endSeed` says that they were.
 */
export function seedHouse(core: Core, { seedFile, isSimulated }: Config): Promise<SeededAccount[]> {
  return inSeedTurn(core.db.pool, async () => {
    if (seedFile) return applySeed(core, core.seal, parseSeed(await readSeed(seedFile)))
    return isSimulated && (await needsDemo(core)) ? applySeed(core, core.seal, DEMO_SEED, 'demo') : []
  })
}

async function readSeed(file: string): Promise<unknown> {
  try {
    return parseYaml(await readFile(file, 'utf8'))
  } catch (error) {
    if (systemCode(error) === 'ENOENT') throw new Error(`HEDDLE_SEED names a file that is not there: ${file}.`)
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`HEDDLE_SEED names a file that can't be read: ${file}: ${reason}`, { cause: error })
  }
}

async function needsDemo({ db }: Core): Promise<boolean> {
  if ((await listAccounts(db)).length === 0) return true
  const id = uuidOfSid('AC', DEMO_SEED.accounts[0]?.sid ?? '')
  return id !== null && (await findSeeding(db, id))?.source === 'demo'
}
