/** How a carrier is, for choosing. */
export interface CarrierLook {
  id: string
  /** There is no such carrier. */
  isMissing: boolean
  isOpen: boolean
  /** How long it has been away. */
  awayForMs: number
}

export type CarrierChoice =
  | { kind: 'go'; carrier: string }
  /** The one that would be chosen is away. */
  | { kind: 'wait' }
  /** There is none of them. */
  | { kind: 'none' }

/**
 * The first carrier that is open. One that has just gone away is waited for, so that a link that blinks sends nothing
 * another way; only after `patienceMs` is the next one used. `looks` are in the order in which they are to be tried.
 */
export function chooseCarrier(looks: readonly CarrierLook[], patienceMs: number): CarrierChoice {
  const there = looks.filter(look => !look.isMissing)
  if (there.length === 0) return { kind: 'none' }
  for (const look of there) {
    if (look.isOpen) return { kind: 'go', carrier: look.id }
    if (look.awayForMs < patienceMs) return { kind: 'wait' }
  }
  return { kind: 'wait' }
}
