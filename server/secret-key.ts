import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The key in the data folder, made on the first start and readable to its owner alone. */
export async function secretKeyIn(dataDir: string): Promise<string> {
  const found = await findSecretKey(dataDir)
  if (found !== null) return found
  await mkdir(dataDir, { recursive: true })
  const key = randomBytes(32).toString('hex')
  await writeFile(secretKeyFile(dataDir), `${key}\n`, { mode: 0o600, flag: 'wx' })
  return key
}

/** The key in the data folder; null when none was made yet. */
export async function findSecretKey(dataDir: string): Promise<string | null> {
  try {
    return (await readFile(secretKeyFile(dataDir), 'utf8')).trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return null
  }
}

export function secretKeyFile(dataDir: string): string {
  return join(dataDir, 'secret.key')
}
