import { expect, test } from 'vitest'
import { findTexts, isMet, readField, type Source } from './path.ts'

const source: Source = {
  event: {
    type: 'in',
    to: [{ number: '+1' }, { number: '+2' }],
    count: 2,
    empty: '',
    nothing: null,
    deep: { list: [{ media: ['a', 'b'] }, { media: ['c'] }, {}] },
  },
  body: { events: 1 },
  query: { token: 't' },
  headers: { 'x-kind': 'k' },
}

test.each([
  ['to.0.number', ['+1']],
  ['to[].number', ['+1', '+2']],
  ['deep.list[].media[]', ['a', 'b', 'c']],
  ['count', ['2']],
  ['to.number', []],
  ['nothing', []],
  ['missing.deeper', []],
  ['constructor.name', []],
  ['@body.events', ['1']],
  ['@query.token', ['t']],
  ['@header.X-Kind', ['k']],
])('the path %s leads to %j', (path, texts) => {
  expect(findTexts(source, path)).toEqual(texts)
})

test('a field is the first path that leads to something', () => {
  expect(readField(source, ['nothing', 'empty', 'to.1.number', 'type'])).toBe('+2')
  expect(readField(source, 'empty')).toBeNull()
  expect(readField(source, undefined)).toBeNull()
})

test('a field may be told in other words, or otherwise', () => {
  expect(readField(source, { path: 'type', map: { in: 'inbound' } })).toBe('inbound')
  expect(readField(source, { path: 'type', map: { out: 'outbound' }, otherwise: 'none' })).toBe('none')
  expect(readField(source, { path: 'type', map: {} })).toBeNull()
  expect(
    readField({ ...source, event: { type: 'https://errors.example/#a#1010' } }, { path: 'type', after: '#' }),
  ).toBe('1010')
  expect(readField(source, { otherwise: '+15550001000' })).toBe('+15550001000')
})

test.each([
  [{ type: 'in' }, true],
  [{ type: ['out', 'in'], count: 2 }, true],
  [{ type: 'in', count: 3 }, false],
  [{ deep: '*' }, true],
  [{ missing: '*' }, false],
  [{ empty: '', missing: '' }, true],
  [{ type: '' }, false],
  [{ type: ['', 'in'] }, true],
])('the condition %j is met: %s', (condition, met) => {
  expect(isMet(source, condition)).toBe(met)
})
