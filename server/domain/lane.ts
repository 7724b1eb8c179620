/** What one node works off at a time: a number of ours, or the account. */
export interface Lane {
  accountId: string
  lane: string
}

/** The lane of what is the account's and no number's: hooks, timers. */
export const ACCOUNT_LANE = 'account'
