import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { lockFolder } from './embedded/folder-lock.ts'
import { joinEngine } from './open-engine.ts'

/** Long enough for a look at the folder while it is held; whoever looks later finds it free, which is as good. */
const HELD_MS = 400

test('a command waits for another that holds the folder and has no server up', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'heddle-join-'))
  onTestFinished(() => rm(dataDir, { recursive: true, force: true, maxRetries: 5 }))
  const lock = lockFolder(dataDir)
  const joining = joinEngine({ databaseUrl: null, dataDir, log: () => {} })
  await pause(HELD_MS)
  lock.release()
  const engine = await joining
  try {
    expect(await engine.db.query('select 1 as one')).toEqual([{ one: 1 }])
  } finally {
    await engine.stop()
  }
})
