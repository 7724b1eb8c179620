import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The key in the data folder, made on the first start and readable to its owner alone. */
export async function secretKeyIn(dataDir: string): Promise<string> {
  const found = await findSecretKey(dataDir)
  if (found !== null) return found
  await mkdir(dataDir, { recursive: true })
  const key = randomBytes(32).toString('hex')
  // Made beside its place: one that was cut short must not be taken for the key.
  const unfinished = `${secretKeyFile(dataDir)}.${process.pid}`
  await writeFile(unfinished, `${key}\n`, { mode: 0o600, flush: true })
  await rename(unfinished, secretKeyFile(dataDir))
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
