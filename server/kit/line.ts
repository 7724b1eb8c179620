/** First in, first out, without the cost of shifting an array. */
export interface Line<Item> {
  add(item: Item): void
  take(): Item | undefined
  /** The next one to be taken. */
  readonly first: Item | undefined
}

export function openLine<Item>(): Line<Item> {
  type Link = { item: Item; next: Link | null }
  let first: Link | null = null
  let last: Link | null = null
  return {
    add(item) {
      const link: Link = { item, next: null }
      if (last) last.next = link
      else first = link
      last = link
    },
    take() {
      const link: Link | null = first
      if (!link) return undefined
      first = link.next
      if (!first) last = null
      return link.item
    },
    get first() {
      return first?.item
    },
  }
}
