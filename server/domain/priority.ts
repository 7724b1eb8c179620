/** Who is served first where texts wait: somebody waits for an urgent one; bulk goes to many and can wait for all others. */
export const PRIORITIES = ['urgent', 'normal', 'bulk'] as const
export type Priority = (typeof PRIORITIES)[number]

/** Lower ranks leave first. */
export const RANK_OF: Readonly<Record<Priority, number>> = { urgent: 0, normal: 1, bulk: 2 }
