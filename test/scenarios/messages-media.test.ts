import http from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listen } from '../support/loopback.ts'
import { openContract } from '../support/openapi.ts'
import { ACCOUNT_SID, openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'
import { clientOf, SDKS } from '../support/twilio-sdk.ts'

const NUMBER = '+15550001000'
const PHONE = '+15557770001'
const ACCOUNT = `/2010-04-01/Accounts/${ACCOUNT_SID}`
const PICTURE = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')
const contract = openContract('twilio_api_v2010.json')

const FILES: Record<string, { type: string; bytes: Buffer }> = {
  '/cat.png': { type: 'image/png', bytes: PICTURE },
  '/page': { type: 'text/html', bytes: Buffer.from('<h1>no</h1>') },
  '/huge.png': { type: 'image/png', bytes: Buffer.alloc(5 * 1024 * 1024 + 1) },
  '/50%off.png': { type: 'image/png', bytes: PICTURE },
  '/a%00b.png': { type: 'image/png', bytes: PICTURE },
  '/large.png': { type: 'image/png', bytes: Buffer.alloc(2 * 1024 * 1024, 7) },
}

let house: TestHouse
let files: http.Server
let origin: string
beforeAll(async () => {
  files = http.createServer((request, response) => {
    const file = FILES[request.url ?? '']
    if (file) response.setHeader('content-type', file.type)
    else response.statusCode = 404
    if (request.url === '/moved') response.writeHead(302, { location: 'http://[' })
    response.end(file?.bytes)
  })
  origin = `http://127.0.0.1:${await listen(files)}`
  house = await openTestHouse(seedOf([{ number: NUMBER }]))
})
afterAll(async () => {
  await house.close()
  files.close()
})

async function settle(): Promise<void> {
  await house.house.settled()
  await house.advance('PT1S')
}

async function send(names: string[]): Promise<string> {
  const form = new URLSearchParams({ From: NUMBER, To: PHONE })
  for (const name of names) form.append('MediaUrl', origin + name)
  const { status, body } = await house.ask('POST', `${ACCOUNT}/Messages.json`, form)
  expect(status).toBe(201)
  await settle()
  return body.sid
}

describe.each(SDKS)('%s', (_name, sdk) => {
  it('sends files, lists them, and takes one away', async () => {
    const client = clientOf(sdk, house)
    const sent = await client.messages.create({
      from: NUMBER,
      to: PHONE,
      body: 'look',
      mediaUrl: [`${origin}/cat.png`, `${origin}/large.png`],
    })
    expect(sent).toMatchObject({ numMedia: '2', numSegments: '1' })
    expect(sent.sid).toMatch(/^MM/)
    await settle()
    expect(await client.messages(sent.sid).fetch()).toMatchObject({ status: 'delivered' })
    const media = await client.messages(sent.sid).media.list()
    expect(media.map(file => [file.contentType, file.parentSid])).toEqual([
      ['image/png', sent.sid],
      ['image/png', sent.sid],
    ])
    const [first, second] = media
    if (!first || !second) throw new Error('There are no files.')
    expect(await client.messages(sent.sid).media(first.sid).fetch()).toMatchObject({ sid: first.sid })
    expect(await client.messages(sent.sid).media(second.sid).remove()).toBe(true)
    expect(await client.messages(sent.sid).media.list()).toHaveLength(1)
  })
})

describe('a file of a message', () => {
  it('is on the phone, and at its URL for anybody who knows it', async () => {
    const sid = await send(['/cat.png'])
    const text = (await house.phone(PHONE)).find(each => each.sid === sid)
    const [url] = text?.mediaUrls ?? []
    expect(url).toMatch(new RegExp(`${ACCOUNT}/Messages/${sid}/Media/ME[0-9a-f]{32}$`))
    const response = await fetch(String(url))
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('image/png')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(Buffer.from(await response.arrayBuffer())).toEqual(PICTURE)
  })

  it('is shown to nobody without credentials, when the owner wants that', async () => {
    const sid = await send(['/cat.png'])
    const { body } = await house.ask('GET', `${ACCOUNT}/Messages/${sid}/Media.json`)
    const path = body.media_list[0].uri.replace('.json', '')
    const set = await house.ask('PATCH', '/v1/settings', { mediaNeedsAuth: true })
    expect(set).toMatchObject({ status: 200, body: { mediaNeedsAuth: true } })
    expect((await fetch(house.url + path)).status).toBe(401)
    expect((await house.ask('GET', path)).status).toBe(200)
    expect((await house.ask('PATCH', '/v1/settings', { mediaNeedAuth: true })).status).toBe(400)
    await house.ask('PATCH', '/v1/settings', { mediaNeedsAuth: false })
    expect((await fetch(house.url + path)).status).toBe(200)
  })

  it('that a phone sent is kept and shown', async () => {
    const data = `data:image/png;base64,${PICTURE.toString('base64')}`
    const sid = await house.text(PHONE, NUMBER, '', { mediaUrls: [data] })
    const { body } = await house.ask('GET', `${ACCOUNT}/Messages/${sid}/Media.json`)
    expect(body.media_list).toMatchObject([{ content_type: 'image/png', parent_sid: sid }])
    const path = body.media_list[0].uri.replace('.json', '')
    const response = await fetch(house.url + path)
    expect(Buffer.from(await response.arrayBuffer())).toEqual(PICTURE)
  })

  it('goes with its message', async () => {
    const sid = await send(['/cat.png'])
    const { body } = await house.ask('GET', `${ACCOUNT}/Messages/${sid}/Media.json`)
    const path = body.media_list[0].uri.replace('.json', '')
    expect((await house.ask('DELETE', `${ACCOUNT}/Messages/${sid}.json`)).status).toBe(204)
    expect((await fetch(house.url + path)).status).toBe(404)
  })

  it.each(['/50%off.png', '/a%00b.png'])('that is called %s is sent like any other', async name => {
    const sid = await send([name])
    const { body } = await house.ask('GET', `${ACCOUNT}/Messages/${sid}.json`)
    expect(body).toMatchObject({ status: 'delivered', error_code: null })
    const text = (await house.phone(PHONE)).find(each => each.sid === sid)
    const response = await fetch(String(text?.mediaUrls[0]))
    expect(Buffer.from(await response.arrayBuffer())).toEqual(PICTURE)
  })

  it.each([
    ['is a web page', ['/page'], 12300],
    ['is over 5 MB', ['/huge.png'], 11751],
    ['is over 5 MB with the others', ['/large.png', '/large.png', '/large.png'], 11751],
    ['is not there', ['/missing.png'], 11200],
    ['moved to no URL', ['/moved'], 11200],
  ])('that %s fails the message', async (_fault, names, code) => {
    const sid = await send(names)
    const { body } = await house.ask('GET', `${ACCOUNT}/Messages/${sid}.json`)
    expect(body).toMatchObject({ status: 'failed', error_code: code })
  })

  it.skipIf(!contract)('is described as the contract says', async () => {
    const sid = await send(['/cat.png'])
    const list = { method: 'GET', path: `${ACCOUNT}/Messages/${sid}/Media.json` }
    const listed = await house.ask(list.method, list.path)
    expect(contract?.faultsOf({ ...list, ...listed })).toEqual([])
    const one = { method: 'GET', path: listed.body.media_list[0].uri }
    expect(contract?.faultsOf({ ...one, ...(await house.ask(one.method, one.path)) })).toEqual([])
  })
})
