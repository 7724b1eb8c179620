import { getCountries, getCountryCallingCode } from 'libphonenumber-js/min'
import { describe, expect, test } from 'vitest'
import { areaCodeOf, countryOf } from './geography.ts'

describe('the country of a number', () => {
  test.each([
    ['+12125551234', 'US'],
    ['+14165551234', 'CA'],
    ['+18765551234', 'JM'],
    ['+442071838750', 'GB'],
    ['+491701234567', 'DE'],
    ['+77012345678', 'KZ'],
  ])('%s is %s', (number, country) => {
    expect(countryOf(number)).toBe(country)
  })

  test.each([
    ['+15557770001', 'US'],
    ['+447700900123', 'GB'],
    ['+70000000000', 'RU'],
    ['+490000000', 'DE'],
  ])('%s is outside its numbering plan and counts as %s', (number, country) => {
    expect(countryOf(number)).toBe(country)
  })

  test.each(['+8001234567890', '+883510001234', '+9991234567', '72345', 'Heddle', ''])('%j has none', number => {
    expect(countryOf(number)).toBeNull()
  })

  test('has an answer for every calling code that several countries share', () => {
    for (const country of getCountries()) {
      const code = getCountryCallingCode(country)
      const found = countryOf(`+${code}0000000`)
      expect(found).not.toBeNull()
      expect(getCountries().filter(one => getCountryCallingCode(one) === code)).toContain(found)
    }
    expect(countryOf('+610000000')).toBe('AU')
    expect(countryOf('+3900000000')).toBe('IT')
  })
})

describe('the area code of a number', () => {
  test.each([
    ['+12125551234', '212'],
    ['+14165551234', '416'],
    ['+15557770001', '555'],
  ])('%s is %s', (number, areaCode) => {
    expect(areaCodeOf(number)).toBe(areaCode)
  })

  test.each(['+18005551234', '+18335551234', '+18765551234', '+442071838750', '+1212555123', '72345'])(
    '%s has none',
    number => {
      expect(areaCodeOf(number)).toBeNull()
    },
  )
})
