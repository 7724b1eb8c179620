import type { GatewaySettings } from '../../domain/gateway-settings.ts'

/** How addresses are spelled to a gateway, and its addresses to us. */
export interface Numbers {
  write(address: string): string
  /** The one spelling under which we keep an address that came in. */
  read(address: string): string
}

/** Short codes have eight digits at most; what is longer and has no plus is meant internationally. */
const LONGEST_SHORT_CODE = 8
const SHORTEST_NATIONAL = 7

export function openNumbers({ form, countryPrefix }: NonNullable<GatewaySettings['numbers']> = {}): Numbers {
  return {
    write: address => (form === 'digits' ? address.replace(/^\+/, '') : address),
    read(address) {
      const trimmed = address.trim()
      // Formatted for a person's eye, or a name: only what has nothing but digits and their marks is a number.
      if (!/^\+?\(?[0-9][0-9 ().-]*$/.test(trimmed)) return trimmed
      const isWhole = trimmed.startsWith('+')
      const digits = trimmed.replace(/[^0-9]/g, '')
      if (isWhole) return `+${digits}`
      if (digits.startsWith('00') && digits.length > LONGEST_SHORT_CODE + 1) return `+${digits.slice(2)}`
      if (countryPrefix && form !== 'digits' && digits.length >= SHORTEST_NATIONAL) {
        return countryPrefix + digits.replace(/^0/, '')
      }
      return digits.length > LONGEST_SHORT_CODE ? `+${digits}` : digits
    },
  }
}
