import type { capacityOf } from './domain/pool-capacity.ts'

type Capacity = ReturnType<typeof capacityOf>

/** A pool's capacity as the terminal shows it: how many numbers it has and needs, and what became of each day. */
export function poolReport(capacity: Capacity): string {
  const { pool, numbers, numbersNeeded, mostAtOnce, refusals, waits, openThreads } = capacity
  const lines = [
    `${pool}: ${numbers} numbers, ${costOf(capacity.costPerMonth)} a month`,
    `  in use with one person at most  ${mostAtOnce}`,
    `  wanted with one person at most  ${numbersNeeded}${numbersNeeded > numbers ? `  (${numbersNeeded - numbers} more than there are)` : ''}`,
    `  that many cost                  ${costOf(capacity.costNeeded)} a month`,
    `  open threads                    ${openThreads}`,
    `  refused                         ${refusals}`,
    `  had to wait                     ${waits}`,
  ]
  if (capacity.days.length === 0) return lines.join('\n')
  const columns = ['day', 'opened', 'closed', 'refused', 'waited', 'most', 'wanted']
  const rows = capacity.days.map(each => [
    each.day,
    each.opened,
    each.closed,
    each.refusals,
    each.waits,
    each.mostAtOnce,
    each.numbersNeeded,
  ])
  return [
    ...lines,
    '',
    ...[columns, ...rows].map(row => `  ${row.map(cell => String(cell).padStart(10)).join('')}`),
  ].join('\n')
}

function costOf(amount: number): string {
  return amount.toFixed(2)
}
