import { type Line, openLine } from './line.ts'
import { Ring } from './ring.ts'

/** Where an item waits. Items of one kind need the same thing, whatever queue they are in. */
export interface Place {
  group: string
  queue: string
  kind: string
  /** Lower ones go first within their group; whole numbers from 0. */
  rank: number
}

/** What can't go on for now: all of a group, of a queue, or of a kind. */
export type Held = 'group' | 'queue' | 'kind'

/** An item that waits for its turn. */
export interface Ticket<Item> {
  readonly item: Item
  readonly place: Place
  /** It had its turn, or waits elsewhere. */
  isGone: boolean
}

interface Queue<Item> {
  key: string
  group: Group<Item>
  /** Waiting items by kind, and by rank within. */
  lines: Map<string, Line<Ticket<Item>>[]>
  isHeld: boolean
  /** The ring in which it takes turns; null: in none. */
  rank: number | null
}

interface Group<Item> {
  key: string
  /** Queues by the rank of their best item that may go. */
  rings: Ring<Queue<Item>>[]
  isHeld: boolean
}

/**
 * Says whose turn it is. Groups take turns; within a group better ranks go first, and queues of one rank take turns; a
 * queue's own items of one rank and kind go in the order they came. What can't go on is held, and holds up nobody else.
 */
export class FairTurns<Item> {
  readonly #groups = new Map<string, Group<Item>>()
  readonly #queues = new Map<string, Queue<Item>>()
  readonly #heldKinds = new Set<string>()
  readonly #turns = new Ring<Group<Item>>()

  add(place: Place, item: Item): Ticket<Item> {
    const queue = this.#queueOf(place)
    const waiting = { item, place, isGone: false }
    lineOf(queue, place).add(waiting)
    this.#seat(queue)
    return waiting
  }

  /** Gives an item that waits a better rank, behind those that have it already. */
  promote(ticket: Ticket<Item>, rank: number): Ticket<Item> {
    ticket.isGone = true
    return this.add({ ...ticket.place, rank }, ticket.item)
  }

  /**
   * Takes the item whose turn it is. `holds` is asked of each that comes up: what it names is held until `resume`, with
   * all that is in it. Null when nothing may go.
   */
  next(holds: (ticket: Ticket<Item>) => Held | null): Ticket<Item> | null {
    for (;;) {
      const group = this.#turns.first
      if (!group) return null
      const queue = firstOf(group)
      const waiting = queue && this.#bestOf(queue)
      if (!queue || !waiting) {
        this.#seatGroup(group)
        continue
      }
      const held = holds(waiting)
      if (held === null) {
        waiting.isGone = true
        group.rings[queue.rank ?? 0]?.rotate(queue)
        this.#turns.rotate(group)
        this.#seat(queue)
        return waiting
      }
      this.#hold(held, queue, waiting.place.kind)
    }
  }

  /** `key` names the group, queue or kind. */
  resume(held: Held, key: string): void {
    const group = this.#groups.get(key)
    const queue = this.#queues.get(key)
    if (held === 'kind') {
      if (this.#heldKinds.delete(key))
        for (const each of this.#queues.values()) if (each.lines.has(key)) this.#seat(each)
    } else if (held === 'queue' && queue) {
      queue.isHeld = false
      this.#seat(queue)
    } else if (held === 'group' && group) {
      group.isHeld = false
      this.#seatGroup(group)
    }
  }

  isHeld(kind: string): boolean {
    return this.#heldKinds.has(kind)
  }

  /** Takes all items of a queue away. */
  drop(key: string): Item[] {
    const queue = this.#queues.get(key)
    if (!queue) return []
    const items: Item[] = []
    for (const line of [...queue.lines.values()].flat()) {
      for (let waiting = line.take(); waiting; waiting = line.take()) if (!waiting.isGone) items.push(waiting.item)
    }
    this.#seat(queue)
    return items
  }

  #queueOf({ group: groupKey, queue: key }: Place): Queue<Item> {
    const known = this.#queues.get(key)
    if (known) return known
    let group = this.#groups.get(groupKey)
    if (!group) {
      group = { key: groupKey, rings: [], isHeld: false }
      this.#groups.set(groupKey, group)
    }
    const queue: Queue<Item> = { key, group, lines: new Map(), isHeld: false, rank: null }
    this.#queues.set(key, queue)
    return queue
  }

  #hold(held: Held, queue: Queue<Item>, kind: string): void {
    if (held === 'queue') queue.isHeld = true
    if (held === 'group') queue.group.isHeld = true
    if (held === 'kind') this.#heldKinds.add(kind)
    this.#seat(queue)
  }

  /** The queue's first item of its best rank among the kinds that may go; its seat is put right on the way. */
  #bestOf(queue: Queue<Item>): Ticket<Item> | null {
    let best: Ticket<Item> | null = null
    for (const [kind, lines] of queue.lines) {
      const first = firstIn(lines)
      if (!first) queue.lines.delete(kind)
      else if (!this.#heldKinds.has(kind) && (!best || first.place.rank < best.place.rank)) best = first
    }
    const rank = queue.isHeld ? null : (best?.place.rank ?? null)
    if (rank === queue.rank) return best
    if (queue.rank !== null) queue.group.rings[queue.rank]?.leave(queue)
    queue.rank = rank
    if (rank !== null) ringOf(queue.group, rank).join(queue)
    return null
  }

  #seat(queue: Queue<Item>): void {
    this.#bestOf(queue)
    this.#seatGroup(queue.group)
    if (queue.lines.size === 0 && !queue.isHeld) this.#queues.delete(queue.key)
  }

  #seatGroup(group: Group<Item>): void {
    if (!group.isHeld && firstOf(group)) this.#turns.join(group)
    else this.#turns.leave(group)
  }
}

function firstOf<Item>({ rings }: Group<Item>): Queue<Item> | undefined {
  for (const ring of rings) if (ring?.first) return ring.first
  return undefined
}

function ringOf<Item>({ rings }: Group<Item>, rank: number): Ring<Queue<Item>> {
  while (rings.length <= rank) rings.push(new Ring())
  return rings[rank]!
}

function lineOf<Item>(queue: Queue<Item>, { kind, rank }: Place): Line<Ticket<Item>> {
  const lines = queue.lines.get(kind) ?? []
  queue.lines.set(kind, lines)
  while (lines.length <= rank) lines.push(openLine())
  return lines[rank]!
}

/** Passes over those that went or were promoted. */
function firstIn<Item>(lines: Line<Ticket<Item>>[]): Ticket<Item> | null {
  for (const line of lines) {
    while (line.first?.isGone) line.take()
    if (line.first) return line.first
  }
  return null
}
