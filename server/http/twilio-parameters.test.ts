import { describe, expect, it } from 'vitest'
import { TwilioError } from './twilio-errors.ts'
import { Parameters } from './twilio-parameters.ts'

describe('the parameters of a request', () => {
  it('tell what was not sent from what is empty, which a null is too', () => {
    const parameters = new Parameters({ Body: '', Empty: null, Blank: '  ', Name: ' x ' })
    expect(parameters.text('Body')).toBe('')
    expect(parameters.text('Empty')).toBe('')
    expect(parameters.text('Missing')).toBeUndefined()
    expect(parameters.filled('Body')).toBeUndefined()
    expect(parameters.filled('Blank')).toBeUndefined()
    expect(parameters.filled('Name')).toBe('x')
    expect(parameters.has('Missing', 'Body')).toBe(true)
    expect(parameters.has('Missing')).toBe(false)
  })

  it('are none where no body was sent', () => {
    expect(new Parameters(undefined).text('To')).toBeUndefined()
  })

  it('are cleaned of what the database cannot hold', () => {
    expect(new Parameters({ Body: 'a\0b' }).text('Body')).toBe('a\ufffdb')
  })

  it('take the last of a repeated name where one is meant', () => {
    expect(new Parameters({ To: ['+1', '+2'] }).text('To')).toBe('+2')
  })

  it.each([
    ['once', { MediaUrl: 'a' }, ['a']],
    ['repeated', { MediaUrl: ['a', 'b'] }, ['a', 'b']],
    ['in brackets', { 'MediaUrl[]': ['a', 'b'] }, ['a', 'b']],
    ['numbered', { 'MediaUrl[0]': 'a', 'MediaUrl[1]': 'b' }, ['a', 'b']],
    ['empty', { MediaUrl: '' }, []],
    ['not at all', {}, []],
  ])('list what was sent %s', (_how, values, list) => {
    expect(new Parameters(values).list('MediaUrl')).toEqual(list)
  })

  it.each([
    ['true', true],
    ['True', true],
    ['FALSE', false],
    ['1', true],
    ['0', false],
    ['', undefined],
    ['maybe', undefined],
  ])('read the flag %s as %s', (written, flag) => {
    expect(new Parameters({ Flag: written }).flag('Flag')).toBe(flag)
  })

  it('read flags and numbers of a JSON body', () => {
    const parameters = new Parameters({ Flag: true, Count: 5 })
    expect(parameters.flag('Flag')).toBe(true)
    expect(parameters.integer('Count')).toBe(5)
  })

  it('refuse a number that is none, with the code that the caller asks for', () => {
    const parameters = new Parameters({ ValidityPeriod: 'soon' })
    expect(() => parameters.integer('ValidityPeriod', 21624)).toThrow(
      expect.objectContaining({ status: 400, code: 21624 }),
    )
    expect(() => parameters.oneOf('ValidityPeriod', ['now'])).toThrow(TwilioError)
  })

  it('find a word in any case, spelled as the list has it', () => {
    expect(new Parameters({ Method: 'post' }).oneOf('Method', ['GET', 'POST'])).toBe('POST')
    expect(new Parameters({}).oneOf('Method', ['GET', 'POST'])).toBeUndefined()
  })

  it('write an object as JSON, however the SDK took it apart', () => {
    expect(new Parameters({ Attributes: '{"a":1}' }).json('Attributes')).toBe('{"a":1}')
    expect(new Parameters({ 'Attributes[a]': '1', 'Attributes[b]': 'x' }).json('Attributes')).toBe('{"a":"1","b":"x"}')
    expect(
      new Parameters({
        'Attributes[a][b][c]': '1',
        'Attributes[a][d]': ['2', '3'],
        'Attributes[__proto__][e]': 'x',
      }).json('Attributes'),
    ).toBe('{"a":{"b":{"c":"1"},"d":["2","3"]},"__proto__":{"e":"x"}}')
    expect(new Parameters({ [`Attributes${'[a]'.repeat(100_000)}`]: '1' }).json('Attributes')).toBeUndefined()
    expect(new Parameters({ Attributes: { a: 1 } }).json('Attributes')).toBe('{"a":1}')
    expect(new Parameters({}).json('Attributes')).toBeUndefined()
  })
})
