/** The number by which RingCentral's clients know an account: the seeded one, else 48 bits of its UUID. */
export function numericAccountId(accountId: string, settings: Record<string, unknown>): string {
  const { ringcentralAccountId } = settings
  if (typeof ringcentralAccountId === 'number') return String(ringcentralAccountId)
  return String(Number.parseInt(accountId.slice(-12), 16))
}
