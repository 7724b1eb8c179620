import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const FOLDER = new URL('../migrations/', import.meta.url)

/** In the format of sha256sum. */
function sumOf(name: string): string {
  return `${createHash('sha256')
    .update(readFileSync(new URL(name, FOLDER)))
    .digest('hex')}  ${name}`
}

test('migrations are only added: a database that had one applied would never learn of a change in it', () => {
  const names = readdirSync(FOLDER)
    .filter(name => name.endsWith('.sql'))
    .sort()
  const kept = readFileSync(new URL('SHA256SUMS', FOLDER), 'utf8').trim().split('\n')
  expect(names.length).toBeGreaterThan(20)
  expect(names.map(sumOf)).toEqual(kept)
})
