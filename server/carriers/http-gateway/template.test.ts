import { expect, test } from 'vitest'
import { Filler } from './template.ts'

const filler = new Filler(
  {
    from: '+15550001000',
    text: 'Grüße & more',
    empty: '',
    media: ['https://a.example/1', 'https://a.example/2'],
    none: [],
    segments: 2,
    secret: { key: 's3cret' },
    value: { base: 'https://api.example' },
  },
  { sims: { '+15550001000': 1 } },
)

test.each([
  ['a name is filled in', 'From {from}!', 'From +15550001000!'],
  ['dots lead into what a name stands for', 'Bearer {secret.key}', 'Bearer s3cret'],
  ['a place in a list has a number', '{media.1}', 'https://a.example/2'],
  ['a list within text is joined', 'see {media}', 'see https://a.example/1,https://a.example/2'],
  ['what is empty is nothing', '[{empty}{none}]', '[]'],
  ['a map tells it in other words', 'sim {from|sims}', 'sim 1'],
  ['a map that lacks the word says nothing', 'sim {text|sims}', 'sim '],
  ['other braces are braces', '{"a": {}} { from }', '{"a": {}} { from }'],
  ['a word that every object knows is no name', '{constructor}{secret.toString}', ''],
])('in text, %s', (_, template, text) => {
  expect(filler.text(template)).toBe(text)
})

test('in a URL what is filled in is escaped, but for its beginning', () => {
  expect(filler.url('{value.base}/send/{from}?text={text}')).toBe(
    'https://api.example/send/%2B15550001000?text=Gr%C3%BC%C3%9Fe%20%26%20more',
  )
})

test('in JSON a name alone keeps its kind, and what is empty is left out', () => {
  const template = {
    to: ['{from}', '{empty}'],
    media: '{media}',
    none: '{none}',
    parts: '{segments}',
    type: 'SMS',
    a: { b: '{empty}' },
  }
  expect(filler.value(template)).toEqual({
    to: ['+15550001000'],
    media: ['https://a.example/1', 'https://a.example/2'],
    parts: 2,
    type: 'SMS',
    a: {},
  })
})

test('a form has a name once for each of a list', () => {
  expect(filler.form({ media: '{media}', none: '{empty}', text: '{text}' }).toString()).toBe(
    'media=https%3A%2F%2Fa.example%2F1&media=https%3A%2F%2Fa.example%2F2&text=Gr%C3%BC%C3%9Fe+%26+more',
  )
})
