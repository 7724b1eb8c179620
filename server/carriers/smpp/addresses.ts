import { classifyAddress } from '../../domain/phone-number.ts'
import type { AddressKindRule, SmppSettings } from '../../domain/smpp-settings.ts'

/** An address as SMPP spells it. */
export interface WireAddress extends AddressKindRule {
  address: string
}

/** Types of number. Source: SMPP 3.4, 5.2.5. */
const TON = { unknown: 0, international: 1, national: 2, networkSpecific: 3, alphanumeric: 5 } as const
const NPI = { unknown: 0, isdn: 1 } as const

const PHONE: AddressKindRule = { ton: TON.international, npi: NPI.isdn }
const SHORT_CODE: AddressKindRule = { ton: TON.networkSpecific, npi: NPI.unknown }
const NAME: AddressKindRule = { ton: TON.alphanumeric, npi: NPI.unknown }

/** As few digits as a number with its country may have; fewer are a short code's. */
const SHORTEST_PHONE = 7

/** How our addresses are spelled to a carrier, and its addresses to us. */
export interface Addresses {
  source(number: string): WireAddress
  destination(person: string): WireAddress
  /** The one spelling under which we keep an address that came in. */
  read(ton: number, address: string): string
}

export function openAddresses(rules: NonNullable<SmppSettings['addresses']> = {}): Addresses {
  const written = (address: string) => (address.startsWith('+') && !rules.keepsPlus ? address.slice(1) : address)

  function source(number: string): WireAddress {
    return { ...kindOf(number), address: written(number) }
  }

  function kindOf(number: string): AddressKindRule {
    const kind = classifyAddress(number)
    if (kind === 'alphanumeric') return rules.alphanumeric ?? NAME
    if (kind === 'short_code') return rules.shortCode ?? SHORT_CODE
    return rules.phone ?? PHONE
  }

  return {
    source,
    destination(person) {
      const isPhone = classifyAddress(person) === 'phone'
      return isPhone && rules.destination ? { ...rules.destination, address: written(person) } : source(person)
    },
    read(ton, address) {
      const trimmed = address.trim()
      if (ton === TON.alphanumeric || !/^\+?[0-9]+$/.test(trimmed)) return trimmed
      const digits = trimmed.replace(/^\+/, '')
      // Some SMSCs call everything international.
      if (digits.length < SHORTEST_PHONE) return digits
      if (trimmed.startsWith('+') || ton === TON.international) return `+${digits.replace(/^00/, '')}`
      if (digits.startsWith('00') && digits.length > 9) return `+${digits.slice(2)}`
      if (ton === TON.national && rules.countryPrefix && digits.length > 6) {
        return rules.countryPrefix + digits.replace(/^0/, '')
      }
      // Short codes have eight digits at most: what is longer and of no kind is meant internationally.
      return digits.length > 8 ? `+${digits}` : digits
    },
  }
}
