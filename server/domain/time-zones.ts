import { ZONES_OF_AREA_CODE } from './area-code-zones.ts'
import { ZONES_OF_COUNTRY } from './country-zones.ts'
import { areaCodeOf, countryOf } from './geography.ts'

/**
 * The time zones in which the phone of a number may be, as far as the number tells: those of its area code in the United
 * States and Canada, else those of its country. None for numbers of no country.
 */
export function timeZonesOf(number: string): readonly string[] {
  const ofArea = ZONES_OF_AREA_CODE.get(areaCodeOf(number) ?? '')
  if (ofArea) return ofArea
  const country = countryOf(number)
  return (country && ZONES_OF_COUNTRY[country]?.split(' ')) || []
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** Minutes and parts of them since midnight by the clocks of a zone. */
export function minutesOfDay(zone: string, at: Date): number {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
    formats.set(zone, format)
  }
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
  const seconds = (parts.get('second') ?? 0) + at.getUTCMilliseconds() / 1000
  return (parts.get('hour') ?? 0) * 60 + (parts.get('minute') ?? 0) + seconds / 60
}
