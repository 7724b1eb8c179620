import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientOf, refusalOf } from '../support/conversations-client.ts'
import { type HookApp, openHookApp } from '../support/hook-app.ts'
import { ACCOUNT_SID, openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'

const NUMBER = '+15550001000'
const APP = 'https://example.com/hook'

let house: TestHouse
let app: HookApp
let v1: ReturnType<typeof clientOf>['conversations']['v1']
let service = ''

beforeAll(async () => {
  app = await openHookApp()
  house = await openTestHouse(seedOf([{ number: NUMBER }]))
  v1 = clientOf(house).conversations.v1
  service = (await v1.configuration().fetch()).defaultChatServiceSid
})

afterAll(async () => {
  await house?.close()
  await app?.close()
})

describe('the hooks of an account', () => {
  test('are none at first', async () => {
    expect(await v1.configuration.webhooks().fetch()).toMatchObject({
      accountSid: ACCOUNT_SID,
      method: 'POST',
      filters: null,
      preWebhookUrl: null,
      postWebhookUrl: null,
      target: 'webhook',
    })
  })

  test('are set one by one, and read at the path that they had before too', async () => {
    const webhooks = v1.configuration.webhooks()
    await webhooks.update({ preWebhookUrl: `${APP}/pre`, filters: ['onMessageAdd', 'onMessageAdded'] })
    const set = await webhooks.update({ postWebhookUrl: `${APP}/post`, method: 'get', target: 'flex' })
    expect(set).toMatchObject({
      preWebhookUrl: `${APP}/pre`,
      postWebhookUrl: `${APP}/post`,
      filters: ['onMessageAdd', 'onMessageAdded'],
      method: 'GET',
      target: 'flex',
    })
    const old = await house.ask('GET', '/conversations/v1/Conversations/Webhooks')
    expect(old).toMatchObject({ status: 200, body: { method: 'GET', post_webhook_url: `${APP}/post` } })
    const cleared = await webhooks.update({ preWebhookUrl: '', postWebhookUrl: '', target: 'webhook', method: 'POST' })
    expect(cleared).toMatchObject({
      preWebhookUrl: null,
      postWebhookUrl: null,
      filters: ['onMessageAdd', 'onMessageAdded'],
    })
  })

  test.each([
    [{ preWebhookUrl: 'nonsense' }, 50053],
    [{ postWebhookUrl: 'ftp://example.com' }, 50053],
    [{ method: 'PUT' }, 50054],
    [{ postWebhookUrl: `https://example.com/${'x'.repeat(2048)}` }, 50372],
  ])('are refused as %j', async (wish, code) => {
    expect(await refusalOf(v1.configuration.webhooks().update(wish))).toMatchObject({ status: 400, code })
  })
})

describe('the hooks of a service', () => {
  test('are none at first, and set one by one', async () => {
    const webhooks = v1.services(service).configuration.webhooks()
    expect(await webhooks.fetch()).toMatchObject({
      chatServiceSid: service,
      preWebhookUrl: null,
      filters: null,
      method: null,
    })
    const set = await webhooks.update({ postWebhookUrl: APP, filters: ['onUserAdded'], method: 'POST' })
    expect(set).toMatchObject({ postWebhookUrl: APP, filters: ['onUserAdded'], method: 'POST' })
    await webhooks.update({ postWebhookUrl: '' })
    expect(await webhooks.fetch()).toMatchObject({ postWebhookUrl: null, filters: ['onUserAdded'] })
  })

  test('of no service are not found', async () => {
    const webhooks = v1.services('IS0000000000000000000000000000000f').configuration.webhooks()
    expect(await refusalOf(webhooks.fetch())).toMatchObject({ status: 404, code: 20404 })
  })
})

describe('the hooks of a conversation', () => {
  const webhook = {
    target: 'webhook' as const,
    'configuration.url': APP,
    'configuration.filters': ['onMessageAdded'],
  }
  const open = async () => (await v1.conversations.create({})).sid

  test.each([
    [
      { ...webhook, 'configuration.method': 'get' },
      { target: 'webhook', configuration: { url: APP, method: 'get', filters: ['onMessageAdded'] } },
    ],
    [
      { target: 'trigger', 'configuration.url': APP, 'configuration.triggers': ['help', 'me'] },
      {
        target: 'trigger',
        configuration: { url: APP, method: 'post', triggers: ['help', 'me'], filters: ['help', 'me'] },
      },
    ],
    [
      { target: 'studio', 'configuration.flowSid': 'FW00000000000000000000000000000001' },
      { target: 'studio', configuration: { flow_sid: 'FW00000000000000000000000000000001' } },
    ],
  ] as const)('are kept as %j', async (wish, kept) => {
    const sid = await open()
    const { webhooks } = v1.conversations(sid)
    const made = await webhooks.create(wish as unknown as Parameters<typeof webhooks.create>[0])
    expect(made).toMatchObject({ ...kept, accountSid: ACCOUNT_SID, conversationSid: sid })
    expect(made.sid).toMatch(/^WH[0-9a-f]{32}$/)
    expect(await webhooks(made.sid).fetch()).toMatchObject(kept)
  })

  test('are changed, listed and taken away', async () => {
    const sid = await open()
    const { webhooks } = v1.conversations(sid)
    const first = await webhooks.create(webhook)
    const second = await webhooks.create(webhook)
    const changed = await webhooks(first.sid).update({ 'configuration.url': `${APP}/2`, 'configuration.method': 'get' })
    expect(changed.configuration).toEqual({ url: `${APP}/2`, method: 'get', filters: ['onMessageAdded'] })
    expect((await webhooks.list()).map(each => each.sid)).toEqual([first.sid, second.sid])
    await webhooks(first.sid).remove()
    expect((await webhooks.list()).map(each => each.sid)).toEqual([second.sid])
    expect(await refusalOf(webhooks(first.sid).fetch())).toMatchObject({ status: 404, code: 20404 })
    expect(await refusalOf(webhooks(first.sid).remove())).toMatchObject({ status: 404, code: 20404 })
  })

  test('are five at most, also when they are added at once', async () => {
    const sid = await open()
    const { webhooks } = v1.conversations(sid)
    const made = await Promise.allSettled(Array.from({ length: 7 }, () => webhooks.create(webhook)))
    expect(made.filter(each => each.status === 'fulfilled')).toHaveLength(5)
    expect(await webhooks.list()).toHaveLength(5)
    expect(await refusalOf(webhooks.create(webhook))).toMatchObject({ status: 400, code: 50361 })
  })

  test.each<[Record<string, unknown>, number]>([
    [{ target: '' }, 50368],
    [{ target: 'pigeon' }, 50364],
    [{ target: 'webhook', 'configuration.filters': ['onMessageAdded'] }, 50369],
    [{ target: 'webhook', 'configuration.url': APP }, 50370],
    [{ ...webhook, 'configuration.filters': ['onMessageAdd'] }, 50365],
    [{ ...webhook, 'configuration.url': 'nonsense' }, 50053],
    [{ ...webhook, 'configuration.url': `https://example.com/${'x'.repeat(2048)}` }, 50372],
    [{ ...webhook, 'configuration.method': 'PUT' }, 50054],
    [{ target: 'trigger', 'configuration.url': APP }, 50371],
    [{ target: 'trigger', 'configuration.url': APP, 'configuration.triggers': Array(11).fill('word') }, 50362],
    [{ target: 'trigger', 'configuration.url': APP, 'configuration.triggers': ['x'.repeat(249)] }, 50366],
    [{ target: 'studio' }, 50367],
    [{ target: 'studio', 'configuration.flowSid': 'nonsense' }, 50367],
  ])('are refused as %j', async (wish, code) => {
    const { webhooks } = v1.conversations(await open())
    const made = webhooks.create(wish as unknown as Parameters<typeof webhooks.create>[0])
    expect(await refusalOf(made)).toMatchObject({ status: 400, code })
  })

  test('of a closed conversation are read, and changed no more', async () => {
    const sid = await open()
    const { webhooks } = v1.conversations(sid)
    const { sid: hook } = await webhooks.create(webhook)
    await v1.conversations(sid).update({ state: 'closed' })
    expect(await webhooks.list()).toHaveLength(1)
    const writes = [() => webhooks.create(webhook), () => webhooks(hook).update({}), () => webhooks(hook).remove()]
    for (const write of writes) expect(await refusalOf(write())).toMatchObject({ status: 400, code: 50377 })
  })
})

test('a conversation that opens by itself tells the hook that its address names, of its first message too', async () => {
  await v1.addressConfigurations.create({
    type: 'sms',
    address: NUMBER,
    'autoCreation.enabled': true,
    'autoCreation.type': 'webhook',
    'autoCreation.webhookUrl': `${app.url}/auto`,
    'autoCreation.webhookMethod': 'post',
    'autoCreation.webhookFilters': ['onMessageAdded'],
  })
  await house.text('+15557770001', NUMBER, 'one')
  await house.text('+15557770001', NUMBER, 'two')
  await house.house.settled()
  expect(
    app.told.map(({ event, isSigned, parameters }) => [event, isSigned, parameters.Index, parameters.Body]),
  ).toEqual([
    ['onMessageAdded', true, '0', 'one'],
    ['onMessageAdded', true, '1', 'two'],
  ])
})

test('what push notifications say is kept', async () => {
  const notifications = v1.services(service).configuration.notifications()
  expect(await notifications.fetch()).toMatchObject({ logEnabled: false, newMessage: { enabled: false } })
  await notifications.update({
    logEnabled: true,
    'newMessage.enabled': true,
    'newMessage.withMedia.template': 'a file',
  })
  await notifications.update({ 'addedToConversation.sound': 'ring', 'removedFromConversation.template': 'gone' })
  expect(await notifications.fetch()).toMatchObject({
    chatServiceSid: service,
    logEnabled: true,
    newMessage: { enabled: true, badge_count_enabled: false, with_media: { enabled: false, template: 'a file' } },
    addedToConversation: { enabled: false, sound: 'ring' },
    removedFromConversation: { template: 'gone' },
  })
})

describe('what push notifications are sent with', () => {
  test('is kept, changed and taken away, and its secrets are never shown', async () => {
    const made = await v1.credentials.create({
      type: 'apn',
      friendlyName: 'iOS',
      certificate: 'c',
      privateKey: 'p',
      sandbox: true,
    })
    expect(made).toMatchObject({ friendlyName: 'iOS', type: 'apn', sandbox: 'True' })
    expect(JSON.stringify(await house.ask('GET', `/conversations/v1/Credentials/${made.sid}`))).not.toContain('private')
    const changed = await v1.credentials(made.sid).update({ type: 'fcm', friendlyName: 'Android', secret: 's' })
    expect(changed).toMatchObject({ friendlyName: 'Android', type: 'fcm', sandbox: 'True' })
    expect((await v1.credentials.list()).map(each => each.sid)).toEqual([made.sid])
    await v1.credentials(made.sid).remove()
    expect(await v1.credentials.list()).toEqual([])
    expect(await refusalOf(v1.credentials(made.sid).fetch())).toMatchObject({ status: 404, code: 20404 })
  })

  test('is refused without a type', async () => {
    const answer = await house.ask('POST', '/conversations/v1/Credentials', new URLSearchParams({ FriendlyName: 'x' }))
    expect(answer).toMatchObject({ status: 400, body: { code: 20001 } })
  })

  test('reaches nobody yet', async () => {
    expect(await v1.services(service).bindings.list()).toEqual([])
    const binding = v1.services(service).bindings('BS00000000000000000000000000000001')
    expect(await refusalOf(binding.fetch())).toMatchObject({ status: 404, code: 20404 })
  })
})
