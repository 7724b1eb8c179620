import { Refusal } from '../domain/refusal.ts'

/** What became of one item of a batch. */
export type Attempt<Value> = { value: Value } | { refusal: Refusal }

/**
 * Tries one item of a batch, so that a refused one fails alone. The item must refuse before it changes anything: what
 * came before in the batch is written all the same.
 */
export function attempt<Value>(run: () => Value): Attempt<Value> {
  try {
    return { value: run() }
  } catch (error) {
    if (error instanceof Refusal) return { refusal: error }
    throw error
  }
}

/** The value, or the refusal thrown. */
export function granted<Value>(attempted: Attempt<Value>): Value {
  if ('refusal' in attempted) throw attempted.refusal
  return attempted.value
}
