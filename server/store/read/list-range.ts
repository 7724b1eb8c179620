/** Which rows of a list are read: from a place counted from the start, or next to a row of which the key is known. */
export type ListStart =
  | { kind: 'offset'; offset: number }
  | { kind: 'after'; key: (string | number)[] }
  | { kind: 'before'; key: (string | number)[] }

export interface ListRange {
  start: ListStart
  /** Rows of the page; one more is read, to see whether there are more. */
  size: number
}

/** A range of a list by `born` (or an index), newest first unless said, in the words of SQL. */
export interface BornRange {
  below: number
  above: number
  /** Backwards when the page before a row is read: its rows come in reverse. */
  order: 'asc' | 'desc'
  limit: number
  offset: number
}

export function bornRange({ start, size }: ListRange, direction: 'asc' | 'desc' = 'desc'): BornRange {
  const key = start.kind === 'offset' ? 0 : Number(start.key.at(-1))
  const isForward = start.kind !== 'before'
  const isDescending = (direction === 'desc') === isForward
  const isBounded = start.kind !== 'offset'
  return {
    below: isBounded && isDescending ? key : Number.MAX_SAFE_INTEGER,
    above: isBounded && !isDescending ? key : -1,
    order: isDescending ? 'desc' : 'asc',
    limit: size + 1,
    offset: start.kind === 'offset' ? start.offset : 0,
  }
}
