import { describe, expect, test } from 'vitest'
import { type Changeable, HookAnswers, readVerdict } from './hook-answers.ts'

const MESSAGE: Changeable = { body: 'hello', author: 'ann', attributes: '{}' }
const THREAD: Changeable = { friendlyName: '', attributes: '{}' }

const said = (body: unknown, status: number | null = 200) => ({
  status,
  body: typeof body === 'string' ? body : JSON.stringify(body),
})

describe('an answer to a hook that asks', () => {
  test.each<[string, ReturnType<typeof said>]>([
    ['that did not come', said('', null)],
    ['that is empty', said('')],
    ['that says nothing', said({})],
    ['that is no JSON', said('<Response/>')],
    ['that is JSON but no object', said('null')],
    ['of another status', said({ body: 'changed' }, 202)],
    ['that changes what cannot be changed', said({ index: 7, Body: 'changed', friendly_name: 'x' })],
    ['that sets to nothing', said({ body: null })],
  ])('%s changes nothing', (_, answer) => {
    expect(readVerdict(answer, MESSAGE)).toEqual({ kind: 'granted', changes: {} })
  })

  test.each([400, 403, 404, 500, 503])('of status %d refuses', status => {
    expect(readVerdict(said({ body: 'changed' }, status), MESSAGE)).toEqual({ kind: 'refused' })
  })

  test.each<[Changeable, Record<string, unknown>, Changeable]>([
    [MESSAGE, { body: 'b', author: 'c', attributes: '{"d":1}' }, { body: 'b', author: 'c', attributes: '{"d":1}' }],
    [MESSAGE, { attributes: { d: 1 } }, { attributes: '{"d":1}' }],
    [MESSAGE, { body: '' }, { body: '' }],
    [MESSAGE, { body: 'a\u0000b' }, { body: 'a\ufffdb' }],
    [THREAD, { friendly_name: 'Repair', body: 'b' }, { friendlyName: 'Repair' }],
    [THREAD, { friendly_name: '\u{1f9f5}'.repeat(256) }, { friendlyName: '\u{1f9f5}'.repeat(256) }],
    [{}, { body: 'b', attributes: '{}' }, {}],
  ])('about %j that says %j changes %j', (draft, body, changes) => {
    expect(readVerdict(said(body), draft)).toEqual({ kind: 'granted', changes })
  })

  test.each<[Changeable, Record<string, unknown>, keyof Changeable]>([
    [MESSAGE, { body: 7 }, 'body'],
    [MESSAGE, { body: 'x'.repeat(1601) }, 'body'],
    [MESSAGE, { author: 'x'.repeat(257) }, 'author'],
    [THREAD, { friendly_name: '\u{1f9f5}'.repeat(257) }, 'friendlyName'],
    [MESSAGE, { attributes: 'no json' }, 'attributes'],
    [MESSAGE, { attributes: JSON.stringify('ü'.repeat(2048)) }, 'attributes'],
    [THREAD, { friendly_name: 'x'.repeat(257) }, 'friendlyName'],
    [THREAD, { attributes: JSON.stringify('x'.repeat(16 * 1024)) }, 'attributes'],
  ])('about %j that cannot be is told by its field', (draft, body, field) => {
    expect(readVerdict(said(body), draft)).toEqual({ kind: 'invalid', field })
  })
})

describe('who waits for an answer', () => {
  test('gets the one that is given, and no other', async () => {
    const answers = new HookAnswers()
    const first = answers.expect('first')
    answers.give('second', said('another'))
    answers.give('first', said('mine'))
    answers.give('first', said('late'))
    expect(await first).toEqual(said('mine'))
  })
})
