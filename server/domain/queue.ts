/** What owns shared numbers: a call queue, or a site of the company. */
export type QueueKind = 'queue' | 'site' | 'main_site'

/** How new threads of a queue are given to its handlers on duty: by turns, or to whoever has the fewest open ones. */
export const ASSIGNS = ['round_robin', 'least_busy'] as const
export type Assigns = (typeof ASSIGNS)[number]

/** What a queue does beyond RingCentral: nothing of it unless set. */
export interface QueueExtras {
  /** A thread says which one its pair had before, so that its history reads on. */
  linksPrevious: boolean
  /** A handler who answers a thread without an assignee becomes it. */
  claimsOnReply: boolean
  /** Null: new threads have no assignee. */
  assigns: Assigns | null
  /** What each handler has not read is counted. */
  countsUnread: boolean
}

export const NO_EXTRAS: QueueExtras = {
  linksPrevious: false,
  claimsOnReply: false,
  assigns: null,
  countsUnread: false,
}
