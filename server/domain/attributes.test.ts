import { expect, test } from 'vitest'
import { isJson, nameInAttributes } from './attributes.ts'
import { isCarriable, MAX_CARRIED_BYTES } from './carried-media.ts'

test('any JSON text is good, and nothing else', () => {
  for (const text of ['{}', '[]', 'null', '"x"', '{ "topic": "tap" }']) expect(isJson(text)).toBe(true)
  for (const text of ['', 'x', '{topic}', "{'a':1}"]) expect(isJson(text)).toBe(false)
})

test.each([
  ['{"name":"Ann"}', 'Ann'],
  ['{"name":"  Ann Lee "}', 'Ann Lee'],
  ['{"name":""}', null],
  ['{"name":7}', null],
  ['{}', null],
  ['["name"]', null],
  ['{"user":{"name":"Ann"}}', null],
  ['"name"', null],
])('in %s the name is %s', (attributes, name) => {
  expect(nameInAttributes(attributes)).toBe(name)
})

test('phones are sent the pictures, sounds and films that they show, and not too much of them', () => {
  for (const contentType of [
    'image/jpeg',
    'image/png',
    'audio/mpeg',
    'video/mp4',
    'application/pdf',
    'IMAGE/PNG; q=1',
  ]) {
    expect(isCarriable({ contentType, size: 1 })).toBe(true)
    expect(isCarriable({ contentType, size: MAX_CARRIED_BYTES })).toBe(false)
  }
  for (const contentType of ['text/html', 'application/zip', 'image/svg+xml']) {
    expect(isCarriable({ contentType, size: 1 })).toBe(false)
  }
})
