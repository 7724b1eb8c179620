export interface Backoff {
  /** The most that the first wait may be. */
  firstMs: number
  /** The most that any wait may be. */
  maxMs: number
}

/**
 * How long to wait after the given failed attempt, in whole milliseconds; attempts count from 1. The bound doubles with each
 * attempt and the wait is drawn evenly below it, so that those who failed together do not come back together.
 * `random` answers at least 0 and below 1, as Math.random does.
 * Source: "full jitter", https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoffMs({ firstMs, maxMs }: Backoff, attempt: number, random: () => number): number {
  const boundMs = Math.min(maxMs, firstMs * 2 ** (attempt - 1))
  return Math.floor(random() * (boundMs + 1))
}
