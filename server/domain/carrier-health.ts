/** How a carrier is, for its owner. */
export interface CarrierHealth {
  isBound: boolean
  links: { bound: number; wanted: number }
  /** In words for the operator; null when all is well. */
  lastError: string | null
  /** How many texts a second it is held to at the moment; null: as many as it takes. */
  perSecond: number | null
}
