import { afterEach, expect, test, vi } from 'vitest'
import { openSmsc } from '../../../test/support/smsc.ts'
import { openBinds } from './binds.ts'

afterEach(() => vi.restoreAllMocks())

test('an SMSC that binds us and soon lets go is bound less and less often, until a link has lived', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.2)
  const smsc = await openSmsc()
  const boundAtMs: number[] = []
  smsc.onBind = () => {
    boundAtMs.push(performance.now())
    return 0
  }
  let laterMs = 0
  const binds = openBinds({
    settings: { url: `smpp://127.0.0.1:${smsc.port}`, systemId: 'heddle' },
    password: 'secret',
    nowMs: () => performance.now() + laterMs,
    onDelivery() {},
    onRoom() {},
    onDoubt() {},
    onSure() {},
    onTrouble() {},
    onChange() {
      if (!binds.canSubmit) return
      if (boundAtMs.length === 4) laterMs += 30_000
      if (boundAtMs.length < 5) smsc.drop()
    },
  })
  binds.start()
  await smsc.until(() => boundAtMs.length === 5)
  await binds.stop()
  await smsc.close()
  const waits = boundAtMs.slice(1).map((atMs, at) => atMs - boundAtMs[at]!)
  // A fifth of 1 s, 2 s and 4 s; then of half a second, as after a link that was well.
  expect(waits[0]).toBeGreaterThan(190)
  expect(waits[1]).toBeGreaterThan(390)
  expect(waits[2]).toBeGreaterThan(790)
  expect(waits[3]).toBeLessThan(790)
})
