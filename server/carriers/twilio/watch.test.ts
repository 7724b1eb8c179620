import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openWatch } from './watch.ts'

const EVERY_MS = 60_000
const AGAIN_MS = 10_000

describe('who looks for what was missed', () => {
  let looks: { isDeep: boolean }[]
  let look: () => Promise<boolean>
  let watch: ReturnType<typeof openWatch>

  beforeEach(() => {
    vi.useFakeTimers()
    looks = []
    look = async () => false
    watch = openWatch({
      look: asked => {
        looks.push(asked)
        return look()
      },
      everyMs: EVERY_MS,
      againMs: AGAIN_MS,
      nowMs: () => Date.now(),
      onError() {},
    })
  })
  afterEach(async () => {
    await watch.stop()
    vi.useRealTimers()
  })

  test('looks far back at the start, and then now and then', async () => {
    watch.start()
    await vi.advanceTimersByTimeAsync(2 * EVERY_MS)
    expect(looks).toEqual([{ isDeep: true }, { isDeep: false }, { isDeep: false }])
  })

  test('looks again sooner while something is open', async () => {
    look = async () => true
    watch.start()
    await vi.advanceTimersByTimeAsync(2 * AGAIN_MS)
    expect(looks).toHaveLength(3)
  })

  test('is behind until a look that began after a text was missed has gone well', async () => {
    watch.start()
    expect(watch.isBehind).toBe(true)
    await vi.advanceTimersByTimeAsync(0)
    expect(watch.isBehind).toBe(false)
    watch.fellBehind()
    look = async () => {
      throw new Error('away')
    }
    await vi.advanceTimersByTimeAsync(1000)
    expect(watch.isBehind).toBe(true)
    look = async () => false
    await vi.advanceTimersByTimeAsync(1000)
    expect(watch.isBehind).toBe(false)
    expect(looks.map(each => each.isDeep)).toEqual([true, true, true])
  })

  test('tries less and less often while looks fail', async () => {
    look = async () => {
      throw new Error('away')
    }
    watch.start()
    await vi.advanceTimersByTimeAsync(500 + 1000 + 2000)
    expect(looks).toHaveLength(4)
  })

  test('looks again after a look during which it was asked, and goes on as before', async () => {
    let end = () => {}
    look = () =>
      new Promise(resolve => {
        end = () => resolve(false)
      })
    watch.start()
    watch.soon()
    await vi.advanceTimersByTimeAsync(5000)
    expect(looks).toHaveLength(1)
    look = async () => false
    end()
    await vi.advanceTimersByTimeAsync(0)
    expect(looks).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(EVERY_MS)
    expect(looks).toHaveLength(3)
  })
})
