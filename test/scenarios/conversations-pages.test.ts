import { get } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openThreadDoors } from '../../server/core/threads/thread-doors.ts'
import { BY_PROGRAM } from '../../server/core/threads/thread-events.ts'
import { uuidOfSid } from '../../server/domain/ids.ts'
import { clientOf } from '../support/conversations-client.ts'
import { ACCOUNT_SID, openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'

const NUMBER = '+15550001000'
const PHONE = '+15557770001'

describe('lists of conversations', () => {
  let house: TestHouse
  let client: ReturnType<typeof clientOf>

  beforeAll(async () => {
    house = await openTestHouse(seedOf([{ number: NUMBER }]))
    client = clientOf(house)
  })
  afterAll(() => house.close())

  const conversations = () => client.conversations.v1.conversations

  test('come page by page, newest first, each conversation once, both ways', async () => {
    const made: string[] = []
    for (let at = 0; at < 12; at += 1) made.unshift((await conversations().create({ friendlyName: `page ${at}` })).sid)
    const first = await conversations().page({ pageSize: 5 })
    const second = await first.nextPage()
    const third = await second?.nextPage()
    const sids = (page: { instances: { sid: string }[] } | undefined) => page?.instances.map(({ sid }) => sid) ?? []
    expect([...sids(first), ...sids(second), ...sids(third)].slice(0, 12)).toEqual(made)
    await conversations().create({ friendlyName: 'came later' })
    const back = await third?.previousPage()
    expect(sids(back)).toEqual(sids(second))
    expect(sids(await back?.previousPage())).toEqual(sids(first))
    expect(third?.nextPageUrl ?? '').toBe('')
    for (const { sid } of await conversations().list()) await conversations()(sid).remove()
  })

  test('are found by state and by the day of their making', async () => {
    const old = await conversations().create({ dateCreated: new Date('2020-02-03T10:00:00Z') })
    const open = await conversations().create({})
    const closed = await conversations().create({})
    await conversations()(closed.sid).update({ state: 'closed' })
    const sids = async (filter: Parameters<ReturnType<typeof conversations>['list']>[0]) =>
      (await conversations().list(filter)).map(({ sid }) => sid)
    expect(await sids({ state: 'closed' })).toEqual([closed.sid])
    expect(await sids({ state: 'active' })).toEqual([open.sid, old.sid])
    expect(await sids({ startDate: '2020-02-03', endDate: '2020-02-03' })).toEqual([old.sid])
    expect(await sids({ endDate: '2020-02-02' })).toEqual([])
    expect(await sids({ startDate: '0001-01-01', endDate: '9999-12-31' })).toContain(open.sid)
    expect(await sids({ startDate: '2020-02-04', state: 'active' })).toEqual([open.sid])
  })

  test('lead back to where they were asked: below the prefix, and at the vendor’s own host', async () => {
    const { sid } = await conversations().create({ uniqueName: 'with pages' })
    for (let at = 0; at < 3; at += 1) await conversations()(sid).messages.create({ body: String(at) })
    const path = `/conversations/v1/Conversations/${sid}/Messages?PageSize=2`
    const { meta } = (await house.ask('GET', path)).body
    expect(meta).toMatchObject({
      key: 'messages',
      page_size: 2,
      url: `${house.url}${path}`,
      first_page_url: `${house.url}/conversations/v1/Conversations/${sid}/Messages?PageSize=2&Page=0`,
    })
    expect(meta.next_page_url.startsWith(`${house.url}/conversations/v1/`)).toBe(true)
    const atHost = await new Promise<string>((resolve, reject) => {
      const authorization = `Basic ${Buffer.from(`${ACCOUNT_SID}:0123456789abcdef0123456789abcdef`).toString('base64')}`
      const headers = { authorization, host: 'conversations.twilio.com' }
      get(`${house.url}/v1/Conversations/with%20pages/Messages?PageSize=2`, { headers }, response => {
        let body = ''
        response.on('data', chunk => {
          body += chunk
        })
        response.on('end', () => resolve(body))
      }).on('error', reject)
    })
    const answer = JSON.parse(atHost)
    expect(answer.meta.next_page_url).toMatch(
      /^https:\/\/conversations\.twilio\.com\/v1\/Conversations\/with%20pages\/Messages\?/,
    )
    expect(answer.messages[0].url).toMatch(/^https:\/\/conversations\.twilio\.com\/v1\/Conversations\/CH/)
  })

  test('of messages come in both orders, past what was deleted, and as long as a page may be', async () => {
    const { sid } = await conversations().create({})
    const accountId = uuidOfSid('AC', ACCOUNT_SID) ?? ''
    const doors = openThreadDoors(house.house.core)
    const ref = { threadId: uuidOfSid('CH', sid) ?? '', serviceId: accountId }
    const saying = { ...ref, origin: 'api' as const, mediaIds: [], cause: BY_PROGRAM }
    await Promise.all(Array.from({ length: 2500 }, (_, at) => doors.say(accountId, { ...saying, body: String(at) })))
    const all = await conversations()(sid).messages.list({ pageSize: 1000 })
    expect(all.map(({ index }) => index)).toEqual(Array.from({ length: 2500 }, (_, at) => at))
    for (const { sid: message } of all.slice(1, 4)) await conversations()(sid).messages(message).remove()
    const down = await conversations()(sid).messages.list({ order: 'desc', pageSize: 100 })
    expect(down.map(({ index }) => index)).toEqual([...Array.from({ length: 2496 }, (_, at) => 2499 - at), 0])
    const largest = await house.ask('GET', `/conversations/v1/Conversations/${sid}/Messages?PageSize=1000`)
    expect(largest.body.messages).toHaveLength(100)
  })

  test('of where a phone takes part show closed ones too, latest joining first', async () => {
    const sids: string[] = []
    for (let at = 0; at < 60; at += 1) {
      const { sid } = await conversations().create({})
      sids.unshift(sid)
      await conversations()(sid).participants.create({
        'messagingBinding.address': PHONE,
        'messagingBinding.proxyAddress': NUMBER,
      })
      if (at < 59) await conversations()(sid).update({ state: 'closed' })
    }
    const found = await client.conversations.v1.participantConversations.list({ address: PHONE })
    expect(found.map(({ conversationSid }) => conversationSid)).toEqual(sids)
    expect(found.filter(({ conversationState }) => conversationState === 'active')).toHaveLength(1)
  })
})

test('lists lead back below the path at which a proxy serves us', async () => {
  const publicUrl = 'https://example.com/texts'
  const house = await openTestHouse(seedOf([]), { HEDDLE_PUBLIC_URL: publicUrl })
  try {
    for (const path of ['/conversations/v1/Conversations', '/messaging/v1/Services']) {
      const form = new URLSearchParams({ FriendlyName: 'x' })
      const first = await house.ask('POST', path, form)
      await house.ask('POST', path, form)
      expect(first.body.url).toBe(`${publicUrl}${path}/${first.body.sid}`)
      const { meta } = (await house.ask('GET', `${path}?PageSize=1`)).body
      expect(meta.url).toBe(`${publicUrl}${path}?PageSize=1`)
      expect(meta.next_page_url.startsWith(`${publicUrl}${path}?`)).toBe(true)
      const next = await house.ask('GET', meta.next_page_url.slice(publicUrl.length))
      expect(next.body.meta.previous_page_url.startsWith(`${publicUrl}${path}?`)).toBe(true)
    }
  } finally {
    await house.close()
  }
})
