import { createRequire } from 'node:module'
import RingCentral from '@rc-ex/core'
import type WebSocketExtensionType from '@rc-ex/ws'
import { Subscriptions } from '@ringcentral/subscriptions'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { BILLING, type InboxHouse, openInboxHouse, signedIn } from '../support/inbox-house.ts'
import type { Answer } from '../support/test-house.ts'

type Body = Answer['body']

// The package is CommonJS whose default is one level down for modules.
const { default: WebSocketExtension } = createRequire(import.meta.url)('@rc-ex/ws') as {
  default: typeof WebSocketExtensionType.default
}

const FILTERS = ['/restapi/v1.0/account/~/message-threads/sync', '/restapi/v1.0/account/~/message-threads/entries/sync']

let house: InboxHouse

beforeAll(async () => {
  house = await openInboxHouse()
})
afterAll(() => house.close())

let guests = 0
function newGuest(): string {
  guests += 1
  return `+1555772${String(guests).padStart(4, '0')}`
}

const ends = (events: Body[]) => events.map(({ event }) => String(event).replace(/^.*400001\//, '')).sort()
const BOTH = ['message-threads/entries/sync', 'message-threads/sync']

describe('@ringcentral/subscriptions', () => {
  test('signs in, subscribes and is told of a text', async () => {
    const sdk = await signedIn(house, 'ann')
    const subscriptions = new Subscriptions({ sdk })
    const subscription = subscriptions.createSubscription()
    const told: Body[] = []
    subscription.on(subscription.events.notification, event => told.push(event))
    const registered = await subscription.setEventFilters(FILTERS).register()
    const { wse } = registered as unknown as { wse: { revoke(): Promise<void> } }
    onTestFinished(() => wse.revoke())
    await house.text(newGuest(), BILLING, 'Hello?')
    await expect.poll(() => told).toHaveLength(2)
    expect(ends(told)).toEqual(BOTH)
  })
})

describe('@rc-ex/ws', () => {
  async function connected(options: object = {}) {
    const rc = new RingCentral({ server: house.url, clientId: 'app', clientSecret: 'app-secret' })
    await rc.authorize({ jwt: 'bob-jwt' })
    const extension = new WebSocketExtension(options)
    await rc.installExtension(extension)
    onTestFinished(() => extension.revoke().catch(() => {}))
    return { rc, extension }
  }

  test('subscribes, refreshes and revokes', async () => {
    const { rc, extension } = await connected()
    const told: Body[] = []
    const subscription = await extension.subscribe(FILTERS, event => told.push(event))
    expect(subscription.subscriptionInfo).toMatchObject({ status: 'Active' })
    const { id } = subscription.subscriptionInfo ?? {}
    await subscription.refresh()
    expect(subscription.subscriptionInfo?.id).toBe(id)
    await house.text(newGuest(), BILLING, 'Hello?')
    await expect.poll(() => told).toHaveLength(2)
    expect(ends(told)).toEqual(BOTH)
    expect((await rc.restapi('v1.0').subscription().list()).records?.map(each => each.id)).toContain(id)
    await subscription.revoke()
    await expect(rc.restapi('v1.0').subscription(id).get()).rejects.toMatchObject({ response: { status: 404 } })
  })

  test('recovers by itself after its socket broke, with what it missed', { timeout: 30_000 }, async () => {
    const { extension } = await connected({ autoRecover: { enabled: true, checkInterval: () => 100 } })
    const told: Body[] = []
    await extension.subscribe(FILTERS, event => told.push(event))
    const states: string[] = []
    for (const state of ['autoRecoverSuccess', 'autoRecoverFailed', 'autoRecoverError']) {
      extension.eventEmitter.on(state, () => states.push(state))
    }
    extension.ws.close()
    await house.text(newGuest(), BILLING, 'While you were away')
    await expect.poll(() => states).toEqual(['autoRecoverSuccess'])
    expect(extension.connectionDetails).toMatchObject({ recoveryState: 'Successful' })
    await expect.poll(() => ends(told)).toEqual(BOTH)
    await house.text(newGuest(), BILLING, 'Live again')
    await expect.poll(() => told).toHaveLength(4)
  })

  test('subscribes anew when its session can’t be recovered', { timeout: 30_000 }, async () => {
    const { rc, extension } = await connected({ autoRecover: { enabled: true, checkInterval: () => 100 } })
    const told: Body[] = []
    const subscription = await extension.subscribe(FILTERS, event => told.push(event))
    const first = subscription.subscriptionInfo?.id
    const states: string[] = []
    for (const state of ['autoRecoverSuccess', 'autoRecoverFailed']) {
      extension.eventEmitter.on(state, () => states.push(state))
    }
    extension.ws.close()
    await rc.restapi('v1.0').subscription(first).delete()
    await expect.poll(() => states).toEqual(['autoRecoverFailed'])
    expect(subscription.subscriptionInfo?.id).not.toBe(first)
    await house.text(newGuest(), BILLING, 'Hello again')
    await expect.poll(() => told).toHaveLength(2)
  })

  test('makes its REST requests over the socket', async () => {
    const { rc } = await connected({ restOverWebSocket: true })
    await house.text(newGuest(), BILLING, 'Hello?')
    const account = await rc.restapi('v1.0').account().get()
    expect(account.id).toBe(400001)
    const threads = await rc
      .restapi('v1.0')
      .account()
      .messageThreads()
      .list({ availability: ['Alive'], perPage: 2 })
    expect(threads.records?.length).toBeGreaterThan(0)
    const missing = rc.restapi('v1.0').account().messageThreads('00000000-0000-7000-8000-000000000000').get()
    await expect(missing).rejects.toMatchObject({ response: { status: 404, data: { errorCode: 'CMN-102' } } })
  })
})

describe('@rc-ex/core', () => {
  test('knows webhooks by their own calls', async () => {
    const rc = new RingCentral({ server: house.url, clientId: 'app', clientSecret: 'app-secret' })
    await rc.authorize({ jwt: 'bob-jwt' })
    const { openPushReceiver } = await import('../support/push-receiver.ts')
    const receiver = await openPushReceiver()
    onTestFinished(() => receiver.close())
    const made = await rc
      .restapi('v1.0')
      .subscription()
      .post({ eventFilters: FILTERS, deliveryMode: { transportType: 'WebHook', address: receiver.url } })
    expect(made).toMatchObject({ status: 'Active', expiresIn: 604800 })
    expect(made.eventFilters).toHaveLength(2)
    const one = rc.restapi('v1.0').subscription(made.id)
    expect((await one.put({ eventFilters: FILTERS, expiresIn: 600 })).expiresIn).toBe(600)
    expect((await one.renew().post()).expiresIn).toBe(604800)
    await house.text(newGuest(), BILLING, 'Hello?')
    await house.house.settled()
    expect(ends(receiver.told.map(({ body }) => body))).toEqual(BOTH)
    await one.delete()
  })
})
