import fastify, { type FastifyInstance } from 'fastify'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  ACCOUNT,
  NUMBER,
  numbersOf,
  openTestSimulator,
  PHONE,
  textTo,
} from '../../../test/support/simulated-network.ts'
import { simulatorRoutes } from './routes.ts'

const OTHER_PHONE = '+15557770002'
const THEIR_NUMBER = '+15559990000'
const THEM = '01890000-0000-7000-8000-000000000002'

let app: FastifyInstance
let house: ReturnType<typeof openTestSimulator>
let advanced: number[]

beforeEach(() => {
  house = openTestSimulator()
  advanced = []
  app = fastify()
  simulatorRoutes(app, {
    simulator: house.simulator,
    clock: house.clock,
    async authenticate(request) {
      const account = { us: ACCOUNT, them: THEM }[String(request.headers.authorization)]
      if (!account) throw Object.assign(new Error('who?'), { statusCode: 401 })
      return { accountId: account }
    },
    numbersOf: async (accountId, numbers) =>
      accountId === THEM ? new Set(numbers.filter(each => each === THEIR_NUMBER)) : numbersOf(accountId, numbers),
    sidsOf: async (_, ids) => new Map(ids.filter(id => id.startsWith('mine')).map(id => [id, `SM of ${id}`])),
    async advanceClock(ms) {
      advanced.push(ms)
      house.clock.advance(ms)
    },
    async fetchMedia(url) {
      if (url.includes('broken')) throw new Error('broken')
      return { contentType: 'image/png', fileName: 'cat.png', bytes: Buffer.from([1]) }
    },
  })
})

async function ask(method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload?: object | string, who = 'us') {
  const headers = { authorization: who, ...(typeof payload === 'string' ? { 'content-type': 'application/json' } : {}) }
  const answer = await app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) })
  return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() }
}

function say(payload: object | string, who?: string) {
  return ask('POST', '/simulator/messages', payload, who)
}

async function recordsOf(phone: string, who?: string) {
  return (await ask('GET', `/simulator/phones/${phone}/messages`, undefined, who)).body.records
}

describe('POST /simulator/messages', () => {
  test('answers 201 with the SID of the text once the house has it', async () => {
    const { status, body } = await say({ from: PHONE, to: NUMBER, body: 'hi' })
    expect(status).toBe(201)
    expect(body.sid).toMatch(/^SM[0-9a-f]{32}$/)
    expect(house.house.received).toMatchObject([{ person: PHONE, number: NUMBER, body: 'hi', others: [], media: [] }])
  })

  test('answers a repeated id with the same SID', async () => {
    const text = { from: PHONE, to: NUMBER, body: 'hi', id: 'mine-1' }
    const first = await say(text)
    expect(await say(text)).toEqual(first)
    expect(house.house.received.map(each => each.carrierMessageId)).toEqual(['mine-1', 'mine-1'])
    expect(await recordsOf(PHONE)).toHaveLength(1)
  })

  test('takes a group: the first number of the account, and all others once', async () => {
    const to = [OTHER_PHONE, NUMBER, PHONE, NUMBER, '+15550001001']
    const { status, body } = await say({ from: PHONE, to, body: 'all' })
    expect(status).toBe(201)
    expect(body.sid).toMatch(/^MM/)
    expect(house.house.received).toMatchObject([{ number: NUMBER, others: [OTHER_PHONE, '+15550001001'] }])
    expect(await recordsOf(OTHER_PHONE)).toMatchObject([
      { direction: 'received', from: PHONE, to: [NUMBER, OTHER_PHONE, '+15550001001'] },
    ])
  })

  test('fetches media, shows their URLs on the phone, and needs no body with them', async () => {
    const mediaUrls = ['https://pictures.example/cat.png', 'data:image/gif;base64,R0lG']
    const { status, body } = await say({ from: PHONE, to: NUMBER, mediaUrls })
    expect(status).toBe(201)
    expect(body.sid).toMatch(/^MM/)
    expect(house.house.received[0]?.media).toEqual([
      { contentType: 'image/png', fileName: 'cat.png', bytes: Buffer.from([1]) },
      { contentType: 'image/gif', fileName: null, bytes: Buffer.from('GIF') },
    ])
    expect(await recordsOf(PHONE)).toMatchObject([{ body: '', mediaUrls }])
  })

  test('replaces what no database holds', async () => {
    await say({ from: PHONE, to: NUMBER, body: 'a\0b' })
    expect(house.house.received).toMatchObject([{ body: 'a\ufffdb' }])
  })

  test.each([
    ['no sender', { to: NUMBER, body: 'x' }],
    ['no recipient', { from: PHONE, body: 'x' }],
    ['an empty list of recipients', { from: PHONE, to: [], body: 'x' }],
    ['nothing to say', { from: PHONE, to: NUMBER }],
    ['an empty body', { from: PHONE, to: NUMBER, body: '' }],
    ['a body that is no text', { from: PHONE, to: NUMBER, body: 5 }],
    ['a sender that is no number', { from: '(555) 777', to: NUMBER, body: 'x' }],
    ['a recipient that is no number', { from: PHONE, to: [NUMBER, '?'], body: 'x' }],
    ['a body too long', { from: PHONE, to: NUMBER, body: 'x'.repeat(40_001) }],
    ['eleven media', { from: PHONE, to: NUMBER, mediaUrls: Array(11).fill('data:,x') }],
    ['media that cannot be fetched', { from: PHONE, to: NUMBER, mediaUrls: ['http://broken.example/'] }],
    ['an empty id', { from: PHONE, to: NUMBER, body: 'x', id: '' }],
    ['no object', '[]'],
    ['no JSON', '{"from":'],
  ])('refuses %s with 400 and does nothing', async (_, payload) => {
    const { status, body } = await say(payload)
    expect(status).toBe(400)
    expect(body).toEqual({ code: expect.any(String), message: expect.any(String) })
    expect(house.house.received).toEqual([])
    expect(house.log.texts).toEqual([])
  })

  test.each([
    ['nobody has', '+15558880000'],
    ['another account has', THEIR_NUMBER],
    ['is only a person', [OTHER_PHONE, PHONE]],
  ])('answers 404 to a number that %s', async (_, to) => {
    expect(await say({ from: PHONE, to, body: 'x' })).toMatchObject({ status: 404, body: { code: 'number_unknown' } })
    expect(house.log.texts).toEqual([])
  })

  test('answers 404 when the house does not know the number after all', async () => {
    house.house.receive = async () => ({ kind: 'unknown_number' })
    expect((await say({ from: PHONE, to: NUMBER, body: 'x' })).status).toBe(404)
  })

  test('leaves requests without credentials to who checks them', async () => {
    expect((await say({ from: PHONE }, 'nobody')).status).toBe(401)
  })

  test('answers 202 to a text that a fault delays', async () => {
    await ask('PUT', '/simulator/faults', { delay: 'PT4H' })
    const { status, body } = await say({ from: PHONE, to: NUMBER, body: 'x' })
    expect(status).toBe(202)
    expect(body).toEqual({ sid: null, heldUntil: '2030-01-01T16:00:00.000Z' })
  })

  test('does not hide a failure of the house', async () => {
    house.house.isShut = true
    expect((await say({ from: PHONE, to: NUMBER, body: 'x' })).status).toBe(500)
  })
})

describe('GET /simulator/phones/{number}/messages', () => {
  test('lists both directions, oldest first, with the SIDs the house knows', async () => {
    await say({ from: PHONE, to: NUMBER, body: 'question', id: 'mine-1' })
    house.clock.advance(1_000)
    await house.simulator.send([{ ...textTo(), body: 'answer' }])
    expect(await recordsOf(PHONE)).toEqual([
      {
        direction: 'sent',
        from: PHONE,
        to: NUMBER,
        body: 'question',
        mediaUrls: [],
        at: '2030-01-01T12:00:00.000Z',
        sid: 'SM of mine-1',
      },
      {
        direction: 'received',
        from: NUMBER,
        to: PHONE,
        body: 'answer',
        mediaUrls: [],
        at: '2030-01-01T12:00:01.000Z',
        sid: null,
      },
    ])
  })

  test('shows an account only texts with its own numbers', async () => {
    await say({ from: PHONE, to: NUMBER, body: 'ours' })
    await say({ from: PHONE, to: THEIR_NUMBER, body: 'theirs' }, 'them')
    expect(await recordsOf(PHONE)).toMatchObject([{ body: 'ours' }])
    expect(await recordsOf(PHONE, 'them')).toMatchObject([{ body: 'theirs' }])
  })

  test('lists none for a phone never used, its plus escaped or not, and refuses what is no number', async () => {
    expect(await recordsOf('+15557779999')).toEqual([])
    expect(await recordsOf('%2B15557779999')).toEqual([])
    expect((await ask('GET', '/simulator/phones/nobody!/messages')).status).toBe(400)
  })
})

describe('/simulator/clock', () => {
  test('tells world time', async () => {
    expect((await ask('GET', '/simulator/clock')).body).toEqual({ now: '2030-01-01T12:00:00.000Z' })
  })

  test('moves it for the whole server and has released what was delayed when it answers', async () => {
    await ask('PUT', '/simulator/faults', { delay: 'PT4H' })
    await house.simulator.send([textTo()])
    await say({ from: PHONE, to: NUMBER, body: 'x' })
    const { status, body } = await ask('POST', '/simulator/clock', { advance: 'PT4H' })
    expect({ status, body }).toEqual({ status: 200, body: { now: '2030-01-01T16:00:00.000Z' } })
    expect(advanced).toEqual([4 * 3600_000])
    expect(house.house.receipts.map(each => each.status)).toEqual(['sent', 'delivered'])
    expect(house.house.received).toHaveLength(1)
  })

  test('goes no further than dates can be kept', async () => {
    for (let millennium = 3; millennium <= 8; millennium++) {
      expect((await ask('POST', '/simulator/clock', { advance: 'P365243D' })).status).toBe(200)
    }
    expect((await ask('POST', '/simulator/clock', { advance: 'P365243D' })).status).toBe(400)
    expect((await ask('GET', '/simulator/clock')).body.now).toMatch(/^8030-/)
  })

  test.each([{ advance: '-PT1H' }, { advance: 'PT-1H' }, { advance: '4h' }, { advance: '' }, { advance: 5 }, {}])(
    'refuses %j with 400 and stands',
    async payload => {
      const { status, body } = await ask('POST', '/simulator/clock', payload)
      expect(status).toBe(400)
      expect(body).toEqual({ code: 'invalid', message: expect.any(String) })
      expect(advanced).toEqual([])
    },
  )
})

describe('/simulator/faults', () => {
  test.each([
    [{ fail: 30003 }, { fail: { code: 30003, status: 'undelivered', times: null } }],
    [{ fail: 30001 }, { fail: { code: 30001, status: 'failed', times: null } }],
    [{ fail: { code: 30008, times: 2 } }, { fail: { code: 30008, status: 'undelivered', times: 2 } }],
    [{ delay: 'PT90M' }, { delay: 'PT1H30M' }],
    [
      { number: '+1 (555) 777-0001', repeat: 2 },
      { number: PHONE, repeat: 2 },
    ],
    [
      { reorder: true, dropReceipts: true },
      { reorder: true, dropReceipts: true },
    ],
    [{ reorder: false, retry: false, unknown: false }, {}],
    [{ refuse: 30007 }, { refuse: { code: 30007, times: null } }],
    [{ retry: { after: 'PT2S', times: 1 } }, { retry: { after: 'PT2S', times: 1 } }],
    [{ retry: true }, { retry: { after: null, times: null } }],
    [{ unknown: true }, { unknown: { arrives: true, times: null } }],
    [{ unknown: { arrives: false } }, { unknown: { arrives: false, times: null } }],
  ])('sets %j', async (fault, spelled) => {
    expect(await ask('PUT', '/simulator/faults', fault)).toEqual({ status: 200, body: spelled })
    expect((await ask('GET', '/simulator/faults')).body).toEqual({ records: [spelled] })
  })

  test.each([
    { number: 'nobody!' },
    { delay: '5s' },
    { delay: '-PT5S' },
    { repeat: 0 },
    { repeat: 101 },
    { fail: 'no' },
    { fail: { times: 1 } },
    { retry: { after: 'soon' } },
    { unknown: { arrive: true } },
    { droppReceipts: true },
  ])('refuses %j', async fault => {
    expect((await ask('PUT', '/simulator/faults', fault)).status).toBe(400)
    expect((await ask('GET', '/simulator/faults')).body).toEqual({ records: [] })
  })

  test('replaces the fault of the same number, and lifts one or all', async () => {
    await ask('PUT', '/simulator/faults', { number: PHONE, fail: 30003 })
    await ask('PUT', '/simulator/faults', { number: PHONE, repeat: 2 })
    await ask('PUT', '/simulator/faults', { repeat: 3 })
    expect((await ask('GET', '/simulator/faults')).body.records).toEqual([{ number: PHONE, repeat: 2 }, { repeat: 3 }])
    expect((await ask('GET', '/simulator/faults', undefined, 'them')).body.records).toEqual([])
    expect((await ask('DELETE', `/simulator/faults?number=${PHONE}`)).status).toBe(204)
    expect((await ask('GET', '/simulator/faults')).body.records).toEqual([{ repeat: 3 }])
    expect((await ask('DELETE', '/simulator/faults')).status).toBe(204)
    expect((await ask('GET', '/simulator/faults')).body.records).toEqual([])
  })
})
