import { expect, test } from 'vitest'
import { type GatherOptions, gather } from './gather.ts'

/** A door whose batches end only when told to; each item is answered with its tenfold. */
function openStaged(options: Omit<GatherOptions<number, number>, 'run'>) {
  const batches: number[][] = []
  const ends: (() => void)[] = []
  const door = gather<number, number>({
    ...options,
    run: items => {
      batches.push(items)
      return new Promise(resolve => ends.push(() => resolve(items.map(item => item * 10))))
    },
  })
  return {
    batches,
    door,
    async endBatch(at: number) {
      ends[at]!()
      await settled()
    },
  }
}

/** Lets everything that can go on without time passing go on. */
async function settled(): Promise<void> {
  for (const _ of ['what ended', 'what begins then']) await new Promise(resolve => setImmediate(resolve))
}

test('an item that finds the door idle waits for no timer', async () => {
  const { door, batches } = openStaged({ maxBatch: 10, maxInFlight: 1 })
  void door(1)
  await new Promise(resolve => setImmediate(resolve))
  expect(batches).toEqual([[1]])
})

test('items that arrive together make one batch', async () => {
  const { door, batches } = openStaged({ maxBatch: 10, maxInFlight: 2 })
  for (const item of [1, 2, 3]) void door(item)
  await settled()
  expect(batches).toEqual([[1, 2, 3]])
})

test('items that come while a batch is under way make the next one, in order', async () => {
  const { door, batches, endBatch } = openStaged({ maxBatch: 10, maxInFlight: 1 })
  void door(1)
  await settled()
  void door(2)
  await settled()
  void door(3)
  await settled()
  expect(batches).toEqual([[1]])
  await endBatch(0)
  expect(batches).toEqual([[1], [2, 3]])
})

test('as many batches are under way as allowed, not more', async () => {
  const { door, batches, endBatch } = openStaged({ maxBatch: 1, maxInFlight: 2 })
  for (const item of [1, 2, 3, 4]) void door(item)
  await settled()
  expect(batches).toEqual([[1], [2]])
  await endBatch(1)
  expect(batches).toEqual([[1], [2], [3]])
})

test('a batch holds no more items than allowed', async () => {
  const { door, batches, endBatch } = openStaged({ maxBatch: 2, maxInFlight: 1 })
  for (const item of [1, 2, 3, 4, 5]) void door(item)
  for (const at of [0, 1]) {
    await settled()
    await endBatch(at)
  }
  expect(batches).toEqual([[1, 2], [3, 4], [5]])
})

test('a batch is closed before it would pass its weight', async () => {
  const { door, batches, endBatch } = openStaged({ maxBatch: 10, maxInFlight: 1, weigh: item => item, maxWeight: 10 })
  for (const item of [4, 6, 1, 9, 3]) void door(item)
  for (const at of [0, 1]) {
    await settled()
    await endBatch(at)
  }
  expect(batches).toEqual([[4, 6], [1, 9], [3]])
})

test('an item heavier than a batch may be goes alone', async () => {
  const { door, batches, endBatch } = openStaged({ maxBatch: 10, maxInFlight: 1, weigh: item => item, maxWeight: 10 })
  for (const item of [3, 50, 2]) void door(item)
  for (const at of [0, 1]) {
    await settled()
    await endBatch(at)
  }
  expect(batches).toEqual([[3], [50], [2]])
})

test('each item gets its own answer', async () => {
  const { door, endBatch } = openStaged({ maxBatch: 10, maxInFlight: 1 })
  const answers = Promise.all([door(1), door(2), door(3)])
  await settled()
  await endBatch(0)
  expect(await answers).toEqual([10, 20, 30])
})

/** A door that refuses any batch with a 13 in it. */
function openPoisonable(options: Partial<GatherOptions<number, number>> = {}) {
  const batches: number[][] = []
  const door = gather<number, number>({
    maxBatch: 10,
    maxInFlight: 1,
    run: async items => {
      batches.push(items)
      if (items.includes(13)) throw new Error('13 is poison')
      return items.map(item => item * 10)
    },
    ...options,
  })
  return { batches, door }
}

test('a poisoned item fails alone; the rest of its batch is done one by one, in order', async () => {
  const { door, batches } = openPoisonable()
  const results = await Promise.allSettled([1, 13, 3].map(door))
  expect(results).toMatchObject([
    { status: 'fulfilled', value: 10 },
    { status: 'rejected', reason: { message: '13 is poison' } },
    { status: 'fulfilled', value: 30 },
  ])
  expect(batches).toEqual([[1, 13, 3], [1], [13], [3]])
})

test('a failure that is no poison fails the whole batch, which is not run again', async () => {
  const { door, batches } = openPoisonable({ isPoison: () => false })
  const results = await Promise.allSettled([1, 13, 3].map(door))
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  expect(batches).toHaveLength(1)
})

test('a lone poisoned item is not run twice', async () => {
  const { door, batches } = openPoisonable()
  await expect(door(13)).rejects.toThrow('13 is poison')
  expect(batches).toEqual([[13]])
})

test('the next batch waits until a poisoned one has been gone through', async () => {
  const { door, batches } = openPoisonable({ maxBatch: 2 })
  const results = await Promise.allSettled([13, 1, 2, 3].map(door))
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
  expect(batches).toEqual([[13, 1], [13], [1], [2, 3]])
})

test('a run that throws at once fails as one that rejects, and the door goes on', async () => {
  const { door } = openPoisonable({
    run: items => {
      if (items.includes(13)) throw new Error('at once')
      return Promise.resolve(items)
    },
  })
  await expect(door(13)).rejects.toThrow('at once')
  await expect(door(1)).resolves.toBe(1)
})

test('a run that answers too few results fails its batch once, since it was done but is not known whose', async () => {
  const { door, batches } = openPoisonable()
  const short = gather<number, number>({
    maxBatch: 10,
    maxInFlight: 1,
    run: async items => {
      batches.push(items)
      return items.slice(1)
    },
  })
  const results = await Promise.allSettled([short(1), short(2)])
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(batches).toEqual([[1, 2]])
  await expect(door(1)).resolves.toBe(10)
})

test('a hundred thousand items at once are answered in order', async () => {
  const door = gather<number, number>({ maxBatch: 100, maxInFlight: 2, run: async items => items })
  const items = Array.from({ length: 100_000 }, (_, n) => n)
  expect(await Promise.all(items.map(door))).toEqual(items)
})
