import type { Core } from '../../../core/core.ts'
import { areaCodeOf } from '../../../domain/geography.ts'
import type { InventoryKind } from '../../../domain/inventory.ts'
import { numberPattern } from '../../../domain/number-pattern.ts'
import { canonicalPhoneNumber } from '../../../domain/phone-number.ts'
import { findInventoryNumber, type InventoryFilter } from '../../../store/read/inventory.ts'
import { TwilioError } from '../../twilio-errors.ts'
import { readPage } from '../../twilio-paging.ts'
import type { Parameters } from '../../twilio-parameters.ts'
import type { TwilioCall } from '../../twilio-routes.ts'
import { headOfFamily } from './family.ts'

/** Source: Twilio, AvailablePhoneNumbers, `Distance`. */
const DEFAULT_MILES = 25
const MAX_MILES = 500
const MIN_PATTERN = 2
const MAX_PATTERN = 16

/**
 * What a program looks for among available numbers. Null when nothing can fit: it wants numbers near one of which
 * neither place nor area code is known. Refuses 20001 what makes no sense.
 */
export async function readInventoryFilter(
  core: Core,
  call: TwilioCall,
  { country, kind }: { country: string; kind: InventoryKind },
): Promise<InventoryFilter | null> {
  const { parameters } = call
  const { start, size } = readPage(parameters)
  const near = await readNear(core, call)
  if (near === null) return null
  return {
    country,
    kind,
    ...near,
    patterns: [...patternsIn(parameters), ...near.patterns],
    canVoice: parameters.flag('VoiceEnabled'),
    canSms: parameters.flag('SmsEnabled'),
    canMms: parameters.flag('MmsEnabled'),
    canFax: parameters.flag('FaxEnabled'),
    region: parameters.filled('InRegion'),
    locality: parameters.filled('InLocality'),
    postalCode: parameters.filled('InPostalCode'),
    rateCenter: parameters.filled('InRateCenter'),
    lata: parameters.filled('InLata'),
    excludes: excludesIn(parameters),
    allowsBeta: parameters.flag('Beta') ?? true,
    limit: size,
    offset: start.kind === 'offset' ? start.offset : 0,
  }
}

function patternsIn(parameters: Parameters): string[] {
  const patterns: string[] = []
  const areaCode = parameters.integer('AreaCode')
  if (areaCode !== undefined) patterns.push(`+1${areaCode}%`)
  const contains = parameters.filled('Contains')
  if (contains !== undefined) {
    const pattern = numberPattern(contains)
    if (pattern === null || contains.length < MIN_PATTERN || contains.length > MAX_PATTERN) {
      throw new TwilioError(400, 20001, `Invalid Contains: ${contains}`)
    }
    patterns.push(pattern)
  }
  return patterns
}

/** The numbers ruled out by an address that their owner would have to register. */
function excludesIn(parameters: Parameters): string[] {
  if (parameters.flag('ExcludeAllAddressRequired')) return ['any', 'local', 'foreign']
  return [
    ...(parameters.flag('ExcludeLocalAddressRequired') ? ['local'] : []),
    ...(parameters.flag('ExcludeForeignAddressRequired') ? ['foreign'] : []),
  ]
}

/** A circle around a place or around another number; by its area code, when the number's place is not known. */
async function readNear(core: Core, call: TwilioCall): Promise<Pick<InventoryFilter, 'near' | 'patterns'> | null> {
  const { parameters } = call
  const miles = parameters.integer('Distance') ?? DEFAULT_MILES
  if (miles < 0 || miles > MAX_MILES) throw new TwilioError(400, 20001, `Invalid Distance: ${miles}`)
  const latLong = parameters.filled('NearLatLong')
  if (latLong !== undefined) return { near: { ...placeIn(latLong), miles }, patterns: [] }

  const text = parameters.address('NearNumber')
  if (text === undefined) return { patterns: [] }
  const number = canonicalPhoneNumber(text)
  if (number === null) throw new TwilioError(400, 20001, `Invalid NearNumber: ${text}`)
  const known = await findInventoryNumber(core.db, headOfFamily(call), number)
  if (known && known.latitude !== null && known.longitude !== null) {
    return { near: { latitude: known.latitude, longitude: known.longitude, miles }, patterns: [] }
  }
  const areaCode = areaCodeOf(number)
  return areaCode === null ? null : { patterns: [`+1${areaCode}%`] }
}

function placeIn(text: string): { latitude: number; longitude: number } {
  const match = /^\s*(-?[0-9]{1,2}(?:\.[0-9]+)?)\s*,\s*(-?[0-9]{1,3}(?:\.[0-9]+)?)\s*$/.exec(text)
  if (!match) throw new TwilioError(400, 20001, `Invalid NearLatLong: ${text}`)
  return { latitude: Number(match[1]), longitude: Number(match[2]) }
}
