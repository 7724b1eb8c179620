import { describe, expect, test } from 'vitest'
import { openSeal } from '../../../kit/seal.ts'
import { readTemporaryName, temporaryName } from './temporary-url.ts'

const ACCESS = { accountId: '00000000-0000-0000-0000-000000000001', mediaId: '01890000-0000-7000-8000-000000000000' }
const MINUTE_MS = 60_000

let nowMs = 0
const core = { clock: { world: () => new Date(0), machineMs: () => nowMs }, seal: openSeal('a key for tests') }

describe('a temporary name', () => {
  test('shows its file for five minutes', () => {
    nowMs = 0
    const name = temporaryName(core, ACCESS)
    expect(name).toMatch(/^[\w-]+$/)
    nowMs = 5 * MINUTE_MS - 1
    expect(readTemporaryName(core, name)).toEqual(ACCESS)
    nowMs = 5 * MINUTE_MS
    expect(readTemporaryName(core, name)).toBeNull()
  })

  test('of another server, or of nobody, shows nothing', () => {
    nowMs = 0
    const other = { ...core, seal: openSeal('another key') }
    expect(readTemporaryName(core, temporaryName(other, ACCESS))).toBeNull()
    for (const name of ['', 'nonsense', core.seal.seal('two words').toString('base64url')]) {
      expect(readTemporaryName(core, name)).toBeNull()
    }
  })
})
