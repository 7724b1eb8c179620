import { type FileHandle, open } from 'node:fs/promises'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { systemCode } from './kit/system-code.ts'

/** What is in a .gz file. Throws with a sentence for the operator when there is none; reading it does when it can't be read. */
export async function openDump(path: string): Promise<Readable> {
  try {
    return Readable.from(unpack(await open(path), path))
  } catch (error) {
    throw sentence(path, error)
  }
}

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
