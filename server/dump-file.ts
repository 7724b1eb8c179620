import { type FileHandle, open, rm } from 'node:fs/promises'
import { pipeline, Readable, type Writable } from 'node:stream'
import { pipeline as piped } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { systemCode } from './kit/system-code.ts'

/** What is in a .gz file. Throws with a sentence for the operator when there is none; reading it does when it can't be read. */
export async function openDump(path: string): Promise<Readable> {
  try {
    return Readable.from(unpack(await open(path), path))
  } catch (error) {
    throw sentence(path, error)
  }
}

/**
 * Writes a new .gz file of what `dump` writes, on disk when this resolves. Throws with a sentence for the operator when
 * the file is there already or can't be written; one that did not become whole is taken away again.
 */
export async function writeDump<Result>(path: string, dump: (packed: Writable) => Promise<Result>): Promise<Result> {
  const file = await open(path, 'wx', 0o600).catch(error => {
    throw unwritable(path, error)
  })
  const gzip = createGzip()
  try {
    const [result] = await Promise.all([dump(gzip), piped(gzip, file.createWriteStream({ flush: true }))])
    return result
  } catch (error) {
    gzip.destroy()
    await rm(path, { force: true })
    throw DISK_FAULTS.has(systemCode(error) ?? '') ? unwritable(path, error) : error
  }
}

/** What only a disk says, and no connection to a database. */
const DISK_FAULTS = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EIO', 'EROFS'])

async function* unpack(file: FileHandle, path: string): AsyncGenerator<Buffer> {
  try {
    // What fails on the way is thrown here, where the last stream is read.
    yield* pipeline(file.createReadStream(), createGunzip(), () => {})
  } catch (error) {
    throw sentence(path, error)
  }
}

function sentence(path: string, error: unknown): unknown {
  const code = systemCode(error)
  if (code === undefined || !(error instanceof Error)) return error
  if (code === 'ENOENT') return new Error(`There is no file ${path}.`, { cause: error })
  if (!code.startsWith('Z_')) return new Error(`The file ${path} can't be read (${code}).`, { cause: error })
  return new Error(`The file ${path} is no whole .gz file (${error.message}).`, { cause: error })
}

function unwritable(path: string, error: unknown): Error {
  const message =
    systemCode(error) === 'EEXIST'
      ? `There is a file ${path} already: name a new one.`
      : `The file ${path} can't be written (${systemCode(error)}).`
  return new Error(message, { cause: error })
}
