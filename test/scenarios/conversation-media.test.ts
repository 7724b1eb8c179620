import { request as httpRequest } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadUnsaidUploads } from '../../server/store/uploads.ts'
import { clientOf } from '../support/conversations-client.ts'
import { ACCOUNT_SID, AUTH_TOKEN, openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'

const NUMBER = '+15550001000'
const PHONE = '+15557770001'
const BASIC = `Basic ${Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString('base64')}`
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

let house: TestHouse
let v1: ReturnType<typeof clientOf>['conversations']['v1']
let service = ''
let media = ''

beforeAll(async () => {
  house = await openTestHouse(seedOf([{ number: NUMBER }]))
  v1 = clientOf(house).conversations.v1
  service = (await v1.configuration().fetch()).defaultChatServiceSid
  media = `${house.url}/mcs/v1/Services/${service}/Media`
})

afterAll(() => house?.close())

type UploadBody = string | Buffer | FormData | undefined

const FORM = { 'content-type': 'multipart/form-data; boundary=x' }
const FORM_BEGUN = '--x\r\nContent-Disposition: form-data; name="f"; filename="a.txt"\r\n\r\nhello'

/** What the media service answers about a file, as far as it is looked at here. */
interface Described {
  sid: string
  size: number
  url: string
  author: string | null
  links: { content: string; content_direct_temporary: string }
}

async function upload(body: UploadBody, headers: Record<string, string> = {}, query = '') {
  const response = await fetch(media + query, {
    method: 'POST',
    headers: { authorization: BASIC, ...headers },
    ...(body !== undefined && { body }),
  })
  return { status: response.status, body: (await response.json()) as Described }
}

async function get(url: string, headers: Record<string, string> = { authorization: BASIC }) {
  const response = await fetch(url, { headers })
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) }
}

async function tokenOf(identity: string): Promise<Record<string, string>> {
  const made = await house.ask('POST', '/v1/tokens', { identity })
  return { 'x-twilio-token': made.body.token }
}

describe('a file that a program uploads', () => {
  test('is described, and read by whoever has its credentials or its temporary URL', async () => {
    const made = await upload(PNG, { 'content-type': 'image/png' }, '?Filename=dot%20one.png')
    expect(made).toMatchObject({
      status: 201,
      body: {
        sid: expect.stringMatching(/^ME[0-9a-f]{32}$/),
        account_sid: ACCOUNT_SID,
        service_sid: service,
        channel_sid: null,
        message_sid: null,
        size: PNG.length,
        content_type: 'image/png',
        filename: 'dot one.png',
        author: null,
        category: 'media',
        url: `${media}/${made.body.sid}`,
        date_created: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      },
    })
    const { content, content_direct_temporary: temporary } = made.body.links
    const read = await get(content)
    expect([read.status, read.headers.get('content-type')]).toEqual([200, 'image/png'])
    expect(read.bytes.equals(PNG)).toBe(true)
    expect((await get(content, {})).status).toBe(401)
    expect((await get(temporary, {})).bytes.equals(PNG)).toBe(true)
    expect(JSON.parse((await get(made.body.url)).bytes.toString())).toMatchObject({ sid: made.body.sid })
  })

  test('is not shown by a temporary URL that somebody made or changed', async () => {
    const made = await upload(PNG, { 'content-type': 'image/png' })
    const { content_direct_temporary: temporary } = made.body.links
    const name = temporary.slice(temporary.lastIndexOf('/') + 1)
    const changed = temporary.replace(name, `${name.slice(0, -2)}${name.endsWith('AA') ? 'BB' : 'AA'}`)
    expect((await get(changed, {})).status).toBe(404)
    expect((await get(`${house.url}/mcs/v1/Temporary/nonsense`, {})).status).toBe(404)
  })

  test('of 5 MB comes back as it was, in pieces', async () => {
    const bytes = Buffer.alloc(5 * 1024 * 1024 + 12_345)
    for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt32LE(at, Math.min(at, bytes.length - 4))
    const made = await upload(bytes, { 'content-type': 'video/mp4' })
    expect(made.body.size).toBe(bytes.length)
    const read = await get(made.body.links.content)
    expect(read.bytes.equals(bytes)).toBe(true)
  })

  test('that is JSON, or says nothing of its type, is taken as it is', async () => {
    const json = await upload('{"not": "parsed" ', { 'content-type': 'application/json' })
    expect(json).toMatchObject({ status: 201, body: { size: 17, content_type: 'application/json' } })
    const plain = await upload(Buffer.from('x'))
    expect(plain.body).toMatchObject({ size: 1, content_type: 'application/octet-stream', filename: null })
  })

  test('comes as a form from a page', async () => {
    const form = new FormData()
    form.append('file', new Blob([PNG], { type: 'image/png' }), 'from a page.png')
    const made = await upload(form)
    expect(made).toMatchObject({
      status: 201,
      body: { size: PNG.length, content_type: 'image/png', filename: 'from a page.png' },
    })
    expect((await get(made.body.links.content)).bytes.equals(PNG)).toBe(true)
  })

  test.each<[string, UploadBody, Record<string, string>, number, number]>([
    ['is empty', '', { 'content-type': 'image/png' }, 400, 20001],
    ['is not there', undefined, {}, 400, 20001],
    ['is no form though it says so', 'x', FORM, 400, 20001],
    ['is a form without boundary', 'x', { 'content-type': 'multipart/form-data' }, 400, 20001],
    ['is a form that does not end', FORM_BEGUN, FORM, 400, 20001],
    ['has a type that is none', 'x', { 'content-type': 'nonsense' }, 415, 20001],
    ['comes without credentials', 'x', { authorization: '' }, 401, 20003],
    ['comes with a token that is none', 'x', { 'x-twilio-token': 'nonsense' }, 401, 20160],
  ])('is refused when it %s', async (_, body, headers, status, code) => {
    expect(await upload(body, headers)).toMatchObject({ status, body: { code, status } })
  })

  test('has a name of 256 characters at most, whatever they are', async () => {
    const named = (length: number) =>
      upload(PNG, { 'content-type': 'image/png' }, `?Filename=${encodeURIComponent('\u{1f9f5}'.repeat(length))}`)
    expect((await named(256)).status).toBe(201)
    expect(await named(257)).toMatchObject({ status: 400, body: { code: 20001 } })
  })

  test('is refused before it is sent when it says that it has more than 150 MB', async () => {
    const status = await new Promise(resolve => {
      const headers = { authorization: BASIC, 'content-type': 'video/mp4', 'content-length': 150 * 1024 * 1024 + 1 }
      const request = httpRequest(media, { method: 'POST', headers }, response => {
        resolve(response.statusCode)
        request.destroy()
      })
      request.on('error', () => {})
      request.write('x')
    })
    expect(status).toBe(413)
  })

  test('is refused before it is whole when its form has more than a file in it', async () => {
    const status = await new Promise((resolve, reject) => {
      const headers = { ...FORM, authorization: BASIC, 'transfer-encoding': 'chunked' }
      const request = httpRequest(media, { method: 'POST', headers }, answer => {
        resolve(answer.statusCode)
        request.destroy()
      })
      request.on('error', reject)
      request.write('--x\r\nContent-Disposition: form-data; name="f"\r\n\r\nhello\r\n'.repeat(20))
    })
    expect(status).toBe(400)
  })

  test('that was cut off leaves nothing behind', async () => {
    const before = await countOfUnsaid()
    const headers = { authorization: BASIC, 'content-type': 'video/mp4', 'content-length': 4 * 1024 * 1024 }
    const request = httpRequest(media, { method: 'POST', headers })
    request.on('error', () => {})
    request.write(Buffer.alloc(2 * 1024 * 1024))
    await expect.poll(countOfUnsaid).toBe(before + 1)
    request.destroy()
    await expect.poll(countOfUnsaid).toBe(before)
  })

  test('of another service or of nobody is not found', async () => {
    const made = await upload(PNG, { 'content-type': 'image/png' })
    const other = await v1.services.create({ friendlyName: 'Other' })
    const path = `${house.url}/mcs/v1/Services/${other.sid}/Media/${made.body.sid}`
    expect((await get(path)).status).toBe(404)
    expect((await get(`${media}/ME00000000000000000000000000000000`)).status).toBe(404)
    expect(
      (await get(`${house.url}/mcs/v1/Services/IS0000000000000000000000000000000f/Media/${made.body.sid}`)).status,
    ).toBe(404)
  })

  test('is described with others; what is no list of files is refused', async () => {
    const made = await upload(PNG, { 'content-type': 'image/png' })
    const path = `/mcs/v1/Services/${service}/MediaSet`
    const list = [{ media_sid: made.body.sid }, { media_sid: 'nobody' }]
    expect((await house.ask('POST', path, { command: 'get', list })).body).toMatchObject([
      { code: 200, media_record: { sid: made.body.sid } },
      { code: 404, media_sid: 'nobody' },
    ])
    for (const nothing of [undefined, 'nonsense', {}]) {
      expect(await house.ask('POST', path, nothing)).toMatchObject({ status: 400, body: { code: 20001 } })
    }
  })

  test('is reached at the host of the media service too', async () => {
    const made = await upload(PNG, { 'content-type': 'image/png' })
    const read = await new Promise<string>((resolve, reject) => {
      const headers = { authorization: BASIC, host: 'mcs.us1.twilio.com' }
      const { hostname, port } = new URL(house.url)
      httpRequest({ hostname, port, path: `/v1/Services/${service}/Media/${made.body.sid}`, headers }, response => {
        let body = ''
        response.on('data', chunk => {
          body += chunk
        })
        response.on('end', () => resolve(body))
      })
        .on('error', reject)
        .end()
    })
    expect(JSON.parse(read).url).toBe(`https://mcs.us1.twilio.com/v1/Services/${service}/Media/${made.body.sid}`)
  })

  /** Uploads that no message took, complete or not: no door lists them. */
  async function countOfUnsaid(): Promise<number> {
    const accountId = '00000000-0000-0000-0000-000000000001'
    const rows = await house.house.core.db.query(loadUnsaidUploads, [accountId, new Date('2999-01-01'), 1000])
    return rows.length
  }
})

describe('a file in a conversation', () => {
  test('goes to the phone, and is there for those who take part', async () => {
    const made = await upload(PNG, { 'content-type': 'image/png' })
    const { sid } = await v1.conversations.create({})
    const { participants, messages } = v1.conversations(sid)
    await participants.create({ 'messagingBinding.address': PHONE, 'messagingBinding.proxyAddress': NUMBER })
    await participants.create({ identity: 'ann' })
    const message = await messages.create({ author: 'ann', mediaSid: made.body.sid })
    await house.house.settled()
    expect((await house.phone(PHONE)).at(-1)?.mediaUrls).toHaveLength(1)

    const ann = await tokenOf('ann')
    const shown = await get(`${media}/${made.body.sid}`, ann)
    expect(JSON.parse(shown.bytes.toString())).toMatchObject({ channel_sid: sid, message_sid: message.sid })
    expect((await get(`${media}/${made.body.sid}/Content`, ann)).bytes.equals(PNG)).toBe(true)
    const stranger = await tokenOf('eve')
    expect((await get(`${media}/${made.body.sid}`, stranger)).status).toBe(404)

    const set = await fetch(`${house.url}/mcs/v1/Services/${service}/MediaSet`, {
      method: 'POST',
      headers: { ...ann, 'content-type': 'application/json' },
      body: JSON.stringify({ command: 'get', list: [{ media_sid: made.body.sid }, { media_sid: 'nonsense' }] }),
    })
    expect(await set.json()).toMatchObject([{ code: 200, media_record: { sid: made.body.sid } }, { code: 404 }])
  })

  test('are asked for by a list of a megabyte at most', async () => {
    const ask = (list: object[]) =>
      fetch(`${house.url}/mcs/v1/Services/${service}/MediaSet`, {
        method: 'POST',
        headers: { authorization: BASIC, 'content-type': 'application/json' },
        body: JSON.stringify({ command: 'get', list }),
      })
    expect((await ask([{ media_sid: 'x'.repeat(1_000_000) }])).status).toBe(200)
    expect((await ask([{ media_sid: 'x'.repeat(1_100_000) }])).status).toBe(413)
  })

  test('that a chat client uploads is its own until it is said', async () => {
    const ann = await tokenOf('ann')
    const made = await fetch(`${media}?Category=media&Filename=a.png`, {
      method: 'POST',
      headers: { ...ann, 'content-type': 'image/png' },
      body: PNG,
    })
    expect([made.status, made.headers.get('access-control-allow-origin')]).toEqual([201, '*'])
    const { sid, author } = (await made.json()) as Described
    expect(author).toBe('ann')
    expect((await get(`${media}/${sid}`, ann)).status).toBe(200)
    expect((await get(`${media}/${sid}`, await tokenOf('bob'))).status).toBe(404)
  })

  test('that a phone sent is there for those who take part', async () => {
    const { sid } = await v1.conversations.create({})
    const { participants, messages } = v1.conversations(sid)
    const phone = '+15557770002'
    await participants.create({ 'messagingBinding.address': phone, 'messagingBinding.proxyAddress': NUMBER })
    await participants.create({ identity: 'ann' })
    const source = await upload(PNG, { 'content-type': 'image/png' })
    await house.text(phone, NUMBER, 'look', { mediaUrls: [source.body.links.content_direct_temporary] })
    await house.house.settled()
    const [message] = await messages.list()
    const [file] = (message?.media ?? []) as { sid: string }[]
    expect((await get(`${media}/${file?.sid}/Content`, await tokenOf('ann'))).bytes.equals(PNG)).toBe(true)
    expect((await get(`${media}/${file?.sid}/Content`, await tokenOf('eve'))).status).toBe(404)
  })
})

describe('an upload that no message took', () => {
  test('is forgotten after a day; one that a message shows stays', async () => {
    const unsaid = await upload(PNG, { 'content-type': 'image/png' })
    const said = await upload(PNG, { 'content-type': 'image/png' })
    const { sid } = await v1.conversations.create({})
    await v1.conversations(sid).messages.create({ mediaSid: said.body.sid })
    await house.advance('PT23H')
    expect((await get(`${media}/${unsaid.body.sid}`)).status).toBe(200)
    await house.advance('PT2H')
    expect((await get(`${media}/${unsaid.body.sid}`)).status).toBe(404)
    expect((await get(`${media}/${said.body.sid}/Content`)).bytes.equals(PNG)).toBe(true)
  })
})

test('a page may call the media service', async () => {
  const asked = await fetch(media, { method: 'OPTIONS' })
  expect(asked.status).toBe(204)
  expect(asked.headers.get('access-control-allow-headers')).toContain('X-Twilio-Token')
})
