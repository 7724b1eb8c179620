import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openContract } from '../support/openapi.ts'
import { ACCOUNT_SID, openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'

const NUMBER = '+15550001000'
const OTHER_NUMBER = '+15550001001'
const HOOK_URL = 'https://example.com/hook'
const contract = openContract('twilio_conversations_v1.json')

/** Nothing is pushed to devices, so there is no binding to be read. */
const NEVER_THERE = /Bindings\/\{Sid\}/

describe.skipIf(!contract)('every operation answers as the contract says', () => {
  let house: TestHouse
  const asked = new Set<string>()

  beforeAll(async () => {
    house = await openTestHouse(seedOf([{ number: NUMBER }, { number: OTHER_NUMBER }]))
  })
  afterAll(() => house.close())

  /** Asks, checks the answer against the contract, and gives its body. */
  async function ask(method: string, path: string, form?: Record<string, string | string[]>) {
    const pairs = Object.entries(form ?? {}).flatMap(([name, value]) =>
      [value].flat().map((each): [string, string] => [name, each]),
    )
    const body = method === 'POST' ? new URLSearchParams(pairs) : undefined
    const answer = await house.ask(method, `/conversations/v1${path}`, body)
    const { status } = answer
    expect({
      method,
      path,
      status,
      body: answer.body,
      faults: contract?.faultsOf({ method, path: `/v1${path}`, status, body: answer.body }),
    }).toMatchObject({ faults: [] })
    asked.add(operationOf(method, `/v1${path}`))
    return answer.body
  }

  function operationOf(method: string, path: string): string {
    const plain = path.split('?', 1)[0] ?? path
    const [found] = (contract?.operations ?? [])
      .filter(operation => {
        const [verb, template = ''] = operation.split(' ')
        return verb === method && new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(plain)
      })
      .sort((a, b) => a.split('{').length - b.split('{').length)
    return found ?? `${method} ${path}`
  }

  const services = [
    '',
    async () => `/Services/${(await ask('POST', '/Services', { FriendlyName: 'Home' })).sid}`,
  ] as const

  test.each([
    ['the default service', 0],
    ['a service of its own', 1],
  ])('in %s', async (_, which) => {
    const service = services[which]
    const at = typeof service === 'function' ? await service() : ''
    const identity = `ann${which}`

    await ask('GET', `${at}/Roles`)
    const role = await ask('POST', `${at}/Roles`, {
      FriendlyName: 'Guest',
      Type: 'conversation',
      Permission: ['sendMessage'],
    })
    await ask('GET', `${at}/Roles/${role.sid}`)
    await ask('POST', `${at}/Roles/${role.sid}`, { Permission: ['sendMessage', 'leaveConversation'] })

    const user = await ask('POST', `${at}/Users`, {
      Identity: identity,
      FriendlyName: 'Ann',
      Attributes: '{"duty":"tech"}',
    })
    await ask('GET', `${at}/Users`)
    await ask('GET', `${at}/Users/${user.sid}`)
    await ask('POST', `${at}/Users/${user.sid}`, { FriendlyName: 'Ann Lee' })

    const conversation = await ask('POST', `${at}/Conversations`, {
      FriendlyName: 'Tap',
      UniqueName: 'tap',
      Attributes: '{"topic":"tap"}',
      'Timers.Inactive': 'PT1M',
      'Timers.Closed': 'PT10M',
    })
    const path = `${at}/Conversations/${conversation.sid}`
    await ask('GET', `${at}/Conversations`)
    await ask('GET', path)
    await ask('POST', path, { FriendlyName: 'The tap' })
    const full = await ask('POST', `${at}/ConversationWithParticipants`, {
      FriendlyName: 'All at once',
      Participant: [
        JSON.stringify({ identity: 'bob' }),
        JSON.stringify({ messaging_binding: { address: '+15557770009', proxy_address: NUMBER } }),
      ],
    })

    const phone = await ask('POST', `${path}/Participants`, {
      'MessagingBinding.Address': `+1555777000${which}`,
      'MessagingBinding.ProxyAddress': NUMBER,
    })
    const ann = await ask('POST', `${path}/Participants`, { Identity: identity, RoleSid: role.sid })
    await ask('GET', `${path}/Participants`)
    await ask('GET', `${path}/Participants/${phone.sid}`)
    await ask('POST', `${path}/Participants/${ann.sid}`, { LastReadMessageIndex: '0' })

    const message = await ask('POST', `${path}/Messages`, { Author: identity, Body: 'hello', Attributes: '{}' })
    await ask('GET', `${path}/Messages`)
    await ask('GET', `${path}/Messages/${message.sid}`)
    await ask('POST', `${path}/Messages/${message.sid}`, { Body: 'hello there' })
    await house.house.settled()
    await house.advance('PT1S')
    const receipts = await ask('GET', `${path}/Messages/${message.sid}/Receipts`)
    await ask('GET', `${path}/Messages/${message.sid}/Receipts/${receipts.delivery_receipts[0].sid}`)

    const hook = await ask('POST', `${path}/Webhooks`, {
      Target: 'webhook',
      'Configuration.Url': HOOK_URL,
      'Configuration.Filters': ['onMessageAdded'],
    })
    const word = { 'Configuration.Url': HOOK_URL, 'Configuration.Triggers': ['help'] }
    await ask('POST', `${path}/Webhooks`, { Target: 'trigger', ...word })
    await ask('POST', `${path}/Webhooks`, { Target: 'studio', 'Configuration.FlowSid': `FW${'0'.repeat(32)}` })
    await ask('GET', `${path}/Webhooks`)
    await ask('GET', `${path}/Webhooks/${hook.sid}`)
    await ask('POST', `${path}/Webhooks/${hook.sid}`, { 'Configuration.Method': 'GET' })
    await ask('DELETE', `${path}/Webhooks/${hook.sid}`)

    await ask('GET', `${at}/ParticipantConversations?Identity=${identity}`)
    await ask('GET', `${at}/Users/${user.sid}/Conversations`)
    await ask('GET', `${at}/Users/${user.sid}/Conversations/${conversation.sid}`)
    await ask('POST', `${at}/Users/${user.sid}/Conversations/${conversation.sid}`, { NotificationLevel: 'muted' })
    await ask('DELETE', `${at}/Users/${user.sid}/Conversations/${conversation.sid}`)

    await ask('DELETE', `${path}/Messages/${message.sid}`)
    await ask('DELETE', `${path}/Participants/${phone.sid}`)
    await ask('DELETE', path)
    await ask('DELETE', `${at}/Conversations/${full.sid}`)
    await ask('DELETE', `${at}/Users/${user.sid}`)
    await ask('DELETE', `${at}/Roles/${role.sid}`)
  })

  test('for the account', async () => {
    const service = await ask('POST', '/Services', { FriendlyName: 'Home' })
    await ask('GET', '/Services')
    await ask('GET', `/Services/${service.sid}`)
    await ask('GET', `/Services/${service.sid}/Configuration`)
    await ask('POST', `/Services/${service.sid}/Configuration`, { ReachabilityEnabled: 'true' })
    expect((await ask('GET', '/Configuration')).default_chat_service_sid).toBe(ACCOUNT_SID.replace('AC', 'IS'))
    await ask('POST', '/Configuration', { DefaultInactiveTimer: 'PT1M', DefaultClosedTimer: 'PT10M' })
    const hooks = { PreWebhookUrl: HOOK_URL, PostWebhookUrl: HOOK_URL, Filters: ['onMessageAdded'], Method: 'GET' }
    await ask('GET', '/Configuration/Webhooks')
    await ask('POST', '/Configuration/Webhooks', { ...hooks, Target: 'flex' })
    const settings = `/Services/${service.sid}/Configuration`
    await ask('GET', `${settings}/Webhooks`)
    await ask('POST', `${settings}/Webhooks`, hooks)
    await ask('GET', `${settings}/Notifications`)
    await ask('POST', `${settings}/Notifications`, { LogEnabled: 'true', 'NewMessage.Template': 'Hi' })
    await ask('GET', `/Services/${service.sid}/Bindings?BindingType=fcm&Identity=ann`)
    const credential = await ask('POST', '/Credentials', { Type: 'fcm', FriendlyName: 'Android', Secret: 's' })
    await ask('GET', '/Credentials')
    await ask('GET', `/Credentials/${credential.sid}`)
    await ask('POST', `/Credentials/${credential.sid}`, { Sandbox: 'true' })
    await ask('DELETE', `/Credentials/${credential.sid}`)
    const address = await ask('POST', '/Configuration/Addresses', {
      Type: 'sms',
      Address: NUMBER,
      'AutoCreation.Enabled': 'true',
      'AutoCreation.Type': 'webhook',
      'AutoCreation.WebhookUrl': 'https://example.com',
      'AutoCreation.WebhookFilters': ['onMessageAdded'],
    })
    await ask('GET', '/Configuration/Addresses?Type=sms')
    await ask('GET', `/Configuration/Addresses/${address.sid}`)
    await ask('POST', `/Configuration/Addresses/${address.sid}`, { 'AutoCreation.Enabled': 'false' })
    await ask('DELETE', `/Configuration/Addresses/${address.sid}`)
    await ask('DELETE', `/Services/${service.sid}`)
  })

  test('and none is left out', ({ task }) => {
    task.meta.says = `${asked.size} of ${contract?.operations.length} operations of twilio_conversations_v1.json are asked here`
    const missing = (contract?.operations ?? []).filter(
      operation => !NEVER_THERE.test(operation) && !asked.has(operation),
    )
    expect(missing).toEqual([])
  })
})
