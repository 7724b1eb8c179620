import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openTestDatabase } from '../test/support/postgres.ts'
import { sealOf } from './secret-key.ts'

test('a command that runs beside the first start seals with the same key', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'heddle-key-'))
  const { database, close } = await openTestDatabase()
  onTestFinished(async () => {
    await close()
    await rm(dataDir, { recursive: true })
  })
  const engine = { db: database, isEmbedded: true, stop: async () => {} }
  const seals = await Promise.all([1, 2, 3].map(() => sealOf(engine, { secretKey: null, dataDir })))
  const sealed = seals.map((seal, each) => seal.seal(`secret ${each}`))
  const later = await sealOf(engine, { secretKey: null, dataDir })
  expect(sealed.map(each => later.open(each))).toEqual(['secret 0', 'secret 1', 'secret 2'])
})
