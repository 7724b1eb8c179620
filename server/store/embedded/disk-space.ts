import { statfs } from 'node:fs/promises'
import { StartRefused } from './start-refused.ts'

/** Less than this is not enough for a new cluster (40 MB), its first segments of log and a checkpoint's worth of texts. */
export const MINIMUM_FREE_BYTES = 200 * 1024 * 1024

/** Refuses when the disk that holds `folder` has less than `minimumBytes` left for us. */
export async function checkFreeSpace(folder: string, minimumBytes: number = MINIMUM_FREE_BYTES): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  const freeBytes = bavail * bsize
  if (freeBytes >= minimumBytes) return
  throw new StartRefused(
    `The disk that holds ${folder} has ${megabytes(freeBytes)} MB free and the database needs ${megabytes(minimumBytes)} MB: free some space, or set HEDDLE_DATA to a folder on another disk.`,
  )
}

/** The same refusal, when the disk filled up while PostgreSQL was at work. */
export function diskFull(folder: string): StartRefused {
  return new StartRefused(
    `The disk that holds ${folder} is full: free some space, or set HEDDLE_DATA to a folder on another disk.`,
  )
}

function megabytes(bytes: number): number {
  return Math.floor(bytes / (1024 * 1024))
}
