import { describe, expect, test } from 'vitest'
import { Drain, type Hold } from './drain.ts'

interface Row {
  id: string
  queue: string
  key: string
  kind: string
  rank: number
}

const tick = () => new Promise<void>(resolve => setImmediate(resolve))

/** A store with a drain over it that runs a row as soon as its turn comes. */
function open({ maxRunning = 2, maxWaiting = 8, maxWaitingInAll = 1000, holds = (_: Row): Hold | null => null } = {}) {
  const store: Row[] = []
  const ran: string[] = []
  const loads: number[] = []
  const ends: (() => void)[] = []
  const drain = new Drain<string, Row>({
    queueKey: queue => queue,
    groupKey: queue => queue.split(' ')[0] ?? '',
    async load(queue, limit, withoutKinds) {
      loads.push(limit)
      const due = store.filter(row => row.queue === queue && !withoutKinds.includes(row.kind))
      const sorted = due.sort((a, b) => a.rank - b.rank)
      return { rows: sorted.slice(0, limit), heldKeys: [] }
    },
    async run(_, row) {
      ran.push(row.id)
      await new Promise<void>(resolve => ends.push(resolve))
      store.splice(store.indexOf(row), 1)
      return 'done'
    },
    rowId: row => row.id,
    orderKey: row => row.key,
    rankOf: row => row.rank,
    kindOf: (_, row) => row.kind,
    holds: (_, row) => holds(row),
    maxWaiting,
    maxWaitingInAll,
    maxRunning,
    onError: error => {
      throw error
    },
  })
  let count = 0
  return {
    drain,
    ran,
    loads,
    /** A row is committed and offered. */
    add(row: Partial<Row> & { queue: string }): void {
      const id = `${row.id ?? row.queue} ${++count}`
      const added = { key: id, kind: '', rank: 1, ...row, id }
      store.push(added)
      drain.offer(added.queue, added)
    },
    /** Everything that may run is run to its end. */
    async runAll(): Promise<void> {
      for (let idle = 0; idle < 5; idle++) {
        await tick()
        if (ends.length > 0) idle = 0
        for (const end of ends.splice(0)) end()
      }
    },
  }
}

describe('a drain with long queues', () => {
  test('gives a new queue its turn at once', async () => {
    const { add, ran, runAll } = open()
    for (let at = 0; at < 100; at++) add({ queue: 'one busy' })
    await tick()
    add({ queue: 'one idle' })
    add({ queue: 'two idle' })
    await runAll()
    expect(ran.slice(0, 8).filter(id => id.includes('idle'))).toHaveLength(2)
    expect(ran).toHaveLength(102)
  })

  test('lets a better rank go before rows that are in memory, and before many in the store', async () => {
    const { add, ran, runAll } = open()
    for (let at = 0; at < 100; at++) add({ queue: 'one busy', rank: 2 })
    await tick()
    add({ id: 'urgent', queue: 'one busy', rank: 0 })
    await runAll()
    expect(ran.findIndex(id => id.startsWith('urgent'))).toBeLessThan(6)
    expect(ran).toHaveLength(101)
  })

  test('goes on behind rows of a kind that can not, and with those when they can again', async () => {
    let isAway = true
    const hold: Hold = { what: 'kind', forMs: Number.POSITIVE_INFINITY }
    const { add, ran, runAll, drain } = open({ holds: row => (isAway && row.kind === 'away' ? hold : null) })
    for (let at = 0; at < 30; at++) add({ id: 'away', queue: 'one busy', kind: 'away' })
    for (let at = 0; at < 30; at++) add({ id: 'here', queue: 'one busy', kind: 'here' })
    await runAll()
    expect(ran).toHaveLength(30)
    expect(ran.every(id => id.startsWith('here'))).toBe(true)
    isAway = false
    drain.goOn('away')
    await runAll()
    expect(ran).toHaveLength(60)
  })

  test('keeps less of each in memory when there are many', async () => {
    const { add, loads, runAll, ran } = open({ maxWaiting: 100, maxWaitingInAll: 200 })
    for (let at = 0; at < 60; at++) for (let queue = 0; queue < 10; queue++) add({ queue: `one busy${queue}` })
    await runAll()
    expect(ran).toHaveLength(600)
    // Ten queues share what all may keep.
    expect(Math.min(...loads)).toBe(20)
  })
})
