/** What happened in a pool on one day (UTC). */
export interface PoolDay {
  day: string
  opened: number
  closed: number
  refusals: number
  waits: number
  /** The most threads that one person held at once. */
  mostAtOnce: number
  /** The most numbers that a refused or waiting thread asked for. */
  mostWanted: number
}

export interface PoolFigures {
  pool: string
  numbers: number
  openThreads: number
  /** The most that one person holds now. */
  mostNow: number
  pricePerNumber: number
  days: PoolDay[]
}

/**
 * How many numbers a pool needs: as many as one person ever had threads, or wanted to have. `days` are those that are
 * looked at, oldest first.
 */
export function capacityOf({ days, ...now }: PoolFigures) {
  const mostAtOnce = Math.max(now.mostNow, ...days.map(day => day.mostAtOnce))
  const numbersNeeded = Math.max(mostAtOnce, ...days.map(day => day.mostWanted))
  return {
    ...now,
    mostAtOnce,
    refusals: sum(days, day => day.refusals),
    waits: sum(days, day => day.waits),
    numbersNeeded,
    costPerMonth: inCents(now.numbers * now.pricePerNumber),
    costNeeded: inCents(numbersNeeded * now.pricePerNumber),
    days: days.map(({ mostWanted, ...day }) => ({ ...day, numbersNeeded: Math.max(day.mostAtOnce, mostWanted) })),
  }
}

function sum<Item>(items: Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0)
}

function inCents(amount: number): number {
  return Math.round(amount * 100) / 100
}
