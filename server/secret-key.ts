import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from './config.ts'
import { openSeal, type Seal } from './kit/seal.ts'
import { findAuthToken, listAccounts } from './store/accounts.ts'
import type { Engine } from './store/open-engine.ts'
import { inSeedTurn } from './store/seed-turn.ts'

type KeySettings = Pick<Config, 'secretKey' | 'dataDir'>

/**
 * The seal of the secrets in a database that was migrated; its key is made when it holds none yet. Throws with a
 * sentence for the operator when they were sealed with another key, or theirs is lost.
 */
export async function sealOf(engine: Engine, settings: KeySettings): Promise<Seal> {
  const { secretKey, dataDir } = settings
  if (await hasKey(engine, settings))
    return openSeal(secretKey ?? (await findSecretKey(dataDir)) ?? (await keyInTurn(engine, dataDir)))
  const remedy =
    secretKey === null
      ? `put its secret.key into ${dataDir} or set HEDDLE_SECRET_KEY`
      : 'set HEDDLE_SECRET_KEY to that one'
  throw new Error(`The secrets in this database were sealed with another key: ${remedy}.`)
}

/** Whether the key is the one that sealed what is in the database; true when nothing is. */
export async function hasKey({ db }: Engine, { secretKey, dataDir }: KeySettings): Promise<boolean> {
  const [account] = await listAccounts(db)
  const found = account && (await findAuthToken(db, account.accountId))
  if (!found) return true
  const key = secretKey ?? (await findSecretKey(dataDir))
  if (key === null) return false
  try {
    openSeal(key).open(found.authToken)
    return true
  } catch {
    // What was sealed with another key cannot be opened: that is the answer.
    return false
  }
}

export function secretKeyFile(dataDir: string): string {
  return join(dataDir, 'secret.key')
}

/** The key in the data folder; null when none was made yet. */
async function findSecretKey(dataDir: string): Promise<string | null> {
  try {
    return (await readFile(secretKeyFile(dataDir), 'utf8')).trim() || null
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return null
  }
}

/** A command that runs beside the first start must seal with the same key: whoever comes second takes the other's. */
function keyInTurn({ db }: Engine, dataDir: string): Promise<string> {
  return inSeedTurn(db.pool, async () => (await findSecretKey(dataDir)) ?? makeKey(dataDir))
}

/** Makes the key in the data folder, readable to its owner alone. */
async function makeKey(dataDir: string): Promise<string> {
  await mkdir(dataDir, { recursive: true })
  const key = randomBytes(32).toString('hex')
  // Made beside its place: one that was cut short must not be taken for the key.
  const unfinished = `${secretKeyFile(dataDir)}.${process.pid}`
  await writeFile(unfinished, `${key}\n`, { mode: 0o600, flush: true })
  await rename(unfinished, secretKeyFile(dataDir))
  return key
}
