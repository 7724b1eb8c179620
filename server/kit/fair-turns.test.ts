import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FairTurns, type Held, type Place } from './fair-turns.ts'

interface Item extends Place {
  born: number
}

const place = fc.record({ group: fc.nat(2), queue: fc.nat(2), kind: fc.nat(1), rank: fc.nat(2) })
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('add' as const), place }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('take' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('turn' as const),
      what: fc.constantFrom<Held>('group', 'queue', 'kind'),
      at: fc.nat(8),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop' as const), at: fc.nat(8) }) },
)

function itemAt(born: number, at: { group: number; queue: number; kind: number; rank: number }): Item {
  const group = `group ${at.group}`
  return { born, group, queue: `${group} queue ${at.queue}`, kind: `kind ${at.kind}`, rank: at.rank }
}

/** The name of something that items at any place are in. */
function nameOf(what: Held, at: number): string {
  if (what === 'kind') return `kind ${at % 2}`
  return what === 'group' ? `group ${at % 3}` : `group ${at % 3} queue ${Math.floor(at / 3)}`
}

describe('fair turns', () => {
  test('give out each item once, in order within its queue, rank and kind, and none that is held', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), steps => {
        const turns = new FairTurns<Item>()
        const held = new Set<string>()
        let waiting: Item[] = []
        let born = 0
        const take = () => {
          const ticket = turns.next(({ item }) => {
            if (held.has(item.group)) return 'group'
            if (held.has(item.queue)) return 'queue'
            return held.has(item.kind) ? 'kind' : null
          })
          const free = waiting.filter(item => ![item.group, item.queue, item.kind].some(name => held.has(name)))
          if (!ticket) return expect(free).toEqual([])
          const { item } = ticket
          expect(free).toContain(item)
          const isBefore = (other: Item) =>
            other.queue === item.queue && other.kind === item.kind && other.rank === item.rank && other.born < item.born
          expect(waiting.filter(isBefore)).toEqual([])
          expect(free.filter(other => other.group === item.group && other.rank < item.rank)).toEqual([])
          waiting = waiting.filter(other => other !== item)
        }
        for (const each of steps) {
          if (each.kind === 'add') {
            const item = itemAt(++born, each.place)
            waiting.push(item)
            turns.add(item, item)
          } else if (each.kind === 'take') take()
          else if (each.kind === 'turn') {
            const name = nameOf(each.what, each.at)
            if (!held.delete(name)) held.add(name)
            else turns.resume(each.what, name)
          } else {
            const queue = nameOf('queue', each.at)
            const dropped = turns.drop(queue)
            expect(new Set(dropped)).toEqual(new Set(waiting.filter(item => item.queue === queue)))
            waiting = waiting.filter(item => item.queue !== queue)
          }
        }
        for (const name of held) for (const what of ['group', 'queue', 'kind'] as const) turns.resume(what, name)
        held.clear()
        while (waiting.length > 0) take()
      }),
      { numRuns: 2000 },
    )
  })

  test('serve groups alike, and queues of one rank alike, however long their lines are', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 2, maxLength: 9 }), lengths => {
        const turns = new FairTurns<Item>()
        for (const [at, length] of lengths.entries()) {
          const item = itemAt(0, { group: at % 3, queue: Math.floor(at / 3), kind: 0, rank: 1 })
          for (let count = 0; count < length; count++) turns.add(item, item)
        }
        const left = lengths.slice()
        const served = lengths.map(() => 0)
        const shortest = Math.min(...lengths)
        for (let ticket = turns.next(() => null); ticket; ticket = turns.next(() => null)) {
          const [, group = 0, queue = 0] = (/group (\d) queue (\d)/.exec(ticket.item.queue) ?? []).map(Number)
          const at = queue * 3 + group
          served[at] = (served[at] ?? 0) + 1
          left[at] = (left[at] ?? 0) - 1
          const rivals = served.filter((_, other) => other % 3 === group)
          if (Math.max(...rivals) <= shortest) expect(Math.max(...rivals) - Math.min(...rivals)).toBeLessThanOrEqual(1)
        }
        expect(left.every(each => each === 0)).toBe(true)
      }),
    )
  })

  test('let a queue that comes in go within two turns of its group, however many wait', () => {
    const turns = new FairTurns<string>()
    for (let at = 0; at < 1000; at++) {
      for (let text = 0; text < 3; text++)
        turns.add({ group: 'one', queue: `queue ${at}`, kind: '', rank: 1 }, `bulk ${at}`)
    }
    for (let taken = 0; taken < 1500; taken++) turns.next(() => null)
    turns.add({ group: 'one', queue: 'idle', kind: '', rank: 1 }, 'new')
    const next = [turns.next(() => null)?.item, turns.next(() => null)?.item]
    expect(next).toContain('new')
  })

  test('never pass a queue over for those that keep coming in, faster than they are served', () => {
    const turns = new FairTurns<string>()
    for (let at = 0; at < 10; at++) turns.add({ group: 'one', queue: 'old', kind: '', rank: 0 }, 'old')
    const taken: string[] = []
    for (let at = 0; at < 20; at++) {
      turns.add({ group: 'one', queue: `queue ${at}`, kind: '', rank: 0 }, 'new')
      taken.push(turns.next(() => null)?.item ?? '')
    }
    expect(taken.filter(each => each === 'old').length).toBeGreaterThanOrEqual(3)
  })

  test('let an item go as early as a better rank when it is promoted', () => {
    const turns = new FairTurns<string>()
    const at = { group: 'one', queue: 'one', kind: '', rank: 2 }
    const first = turns.add(at, 'first')
    turns.add({ ...at, rank: 1 }, 'second')
    turns.promote(first, 0)
    expect([turns.next(() => null)?.item, turns.next(() => null)?.item]).toEqual(['first', 'second'])
    expect(turns.next(() => null)).toBeNull()
  })
})
