import RingCentral from '@rc-ex/core'
import { SDK } from '@ringcentral/sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BILLING, GUEST, type InboxHouse, openInboxHouse, SUPPORT, signedIn } from '../support/inbox-house.ts'
import type { Answer } from '../support/test-house.ts'

let house: InboxHouse

beforeAll(async () => {
  house = await openInboxHouse()
})
afterAll(() => house.close())

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
)

describe('@ringcentral/sdk', () => {
  test('signs in with a JWT, a password, and by the form with a code and PKCE', async () => {
    const byJwt = await signedIn(house, 'ann')
    const data = await byJwt.platform().auth().data()
    expect(data).toMatchObject({
      token_type: 'bearer',
      owner_id: '101',
      scope: expect.stringContaining('SMS'),
    })
    expect(Number(data.expires_in)).toBe(3600)

    const byPassword = new SDK({ server: house.url, clientId: 'app', clientSecret: 'app-secret' })
    await byPassword.platform().login({ username: 'bob', password: 'bob-password' })
    expect((await byPassword.platform().auth().data()).owner_id).toBe('102')

    const redirectUri = 'http://127.0.0.1:4000/callback'
    const byCode = new SDK({ server: house.url, clientId: 'app', redirectUri })
    const platform = byCode.platform()
    const loginUrl = platform.loginUrl({ usePKCE: true, state: 'kept' })
    const form = await fetch(loginUrl)
    expect(await form.text()).toContain('name="password"')
    const wrong = await fetch(loginUrl, {
      method: 'POST',
      body: new URLSearchParams({ username: 'ann', password: 'no' }),
    })
    expect(wrong.status).toBe(403)
    const signIn = new URLSearchParams({ username: '101', password: 'ann-password' })
    const answer = await fetch(loginUrl, { method: 'POST', body: signIn, redirect: 'manual' })
    expect(answer.status).toBe(302)
    const target = new URL(answer.headers.get('location') ?? '')
    expect(target.origin + target.pathname).toBe(redirectUri)
    expect(target.searchParams.get('state')).toBe('kept')
    const code = target.searchParams.get('code') ?? ''
    await platform.login({ code })
    expect((await platform.auth().data()).owner_id).toBe('101')
    await expect(platform.login({ code })).rejects.toThrow('Authorization code is invalid or expired')
    await platform.login({ code }).catch(() => {})
  })

  test('says what is wrong when it may not sign in', async () => {
    const sdk = new SDK({ server: house.url, clientId: 'app', clientSecret: 'app-secret' })
    await expect(sdk.platform().login({ username: 'cal', password: 'wrong' })).rejects.toThrow(
      'Invalid resource owner credentials.',
    )
    await expect(sdk.platform().login({ jwt: 'none' })).rejects.toThrow('Invalid assertion')
    const stranger = new SDK({ server: house.url, clientId: 'app', clientSecret: 'guessed' })
    await expect(stranger.platform().login({ jwt: 'ann-jwt' })).rejects.toThrow('Invalid client credentials')
    const foreign = new SDK({ server: house.url, clientId: 'other-app', clientSecret: 'other-secret' })
    await expect(foreign.platform().login({ jwt: 'ann-jwt' })).rejects.toThrow('Invalid assertion')
  })

  test('refreshes its tokens, and the old access token is void at once', async () => {
    const platform = (await signedIn(house, 'ann')).platform()
    const before = await platform.auth().data()
    await platform.refresh()
    const after = await platform.auth().data()
    expect(after.access_token).not.toBe(before.access_token)
    const stale = await fetch(`${house.url}/restapi/v1.0/account/~`, {
      headers: { authorization: `bearer ${before.access_token}` },
    })
    expect(stale.status).toBe(401)
    expect((await platform.get('/restapi/v1.0/account/~')).status).toBe(200)
  })

  test('recovers by itself when its access token is refused', async () => {
    const platform = (await signedIn(house, 'ann')).platform()
    const data = await platform.auth().data()
    await platform.auth().setData({ ...data, access_token: `${data.access_token?.slice(0, -4)}AAAA` })
    const answer = await platform.get('/restapi/v1.0/account/~/extension/~')
    expect(await answer.json()).toMatchObject({ id: 101, name: 'Ann Lee', type: 'User' })
    // It asks for a lifetime of -1 then, and must get a whole one.
    expect(Number((await platform.auth().data()).expires_in)).toBe(3600)
  })

  test('signs out, after which neither token counts', async () => {
    const platform = (await signedIn(house, 'ann')).platform()
    const { access_token, refresh_token } = await platform.auth().data()
    expect((await platform.logout()).status).toBe(200)
    const headers = { authorization: `bearer ${access_token}` }
    expect((await fetch(`${house.url}/restapi/v1.0/account/~`, { headers })).status).toBe(401)
    const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refresh_token ?? '' })
    const basic = { authorization: `Basic ${Buffer.from('app:app-secret').toString('base64')}` }
    const refused = await house.ask('POST', '/restapi/oauth/token', body, basic)
    expect(refused.status).toBe(400)
    expect(refused.body).toMatchObject({ error: 'invalid_grant', errors: [{ errorCode: 'OAU-211' }] })
  })

  test('sends a picture, and shows one that came', async () => {
    const platform = (await signedIn(house, 'ann')).platform()
    const form = new FormData()
    const message = { from: { phoneNumber: BILLING }, to: [{ phoneNumber: GUEST }], text: 'Look' }
    form.append('metadata', new Blob([JSON.stringify(message)], { type: 'application/json' }))
    form.append('attachments', new Blob([PIXEL], { type: 'image/png' }), 'pixel.png')
    const headers = { authorization: `Bearer ${await house.tokenOf('ann')}` }
    const url = `${house.url}/restapi/v1.0/account/~/message-threads/messages`
    const sent: Answer['body'] = await (await fetch(url, { method: 'POST', body: form, headers })).json()
    expect(sent).toMatchObject({
      text: 'Look',
      attachments: [{ contentType: 'image/png', filename: 'pixel.png', size: PIXEL.length }],
    })
    await house.house.settled()
    const [received] = await house.phone(GUEST)
    expect(received).toMatchObject({ body: 'Look', mediaUrls: [expect.stringContaining('http')] })

    const content = await platform.get(sent.attachments[0].contentUri)
    expect(content.headers.get('content-type')).toBe('image/png')
    expect(Buffer.from(await content.arrayBuffer())).toEqual(PIXEL)
    // As in the src of an image.
    const token = (await platform.auth().data()).access_token
    const shown = await fetch(`${sent.attachments[0].contentUri}?access_token=${token}&contentDisposition=Attachment`)
    expect(shown.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''pixel.png")
    const hidden = await fetch(sent.attachments[0].contentUri, {
      headers: { authorization: `bearer ${await house.tokenOf('cal')}` },
    })
    expect(hidden.status).toBe(403)
  })
})

describe('@rc-ex/core', () => {
  async function client(jwt = 'ann-jwt'): Promise<RingCentral> {
    const rc = new RingCentral({ server: house.url, clientId: 'app', clientSecret: 'app-secret' })
    await rc.authorize({ jwt })
    return rc
  }

  test('walks through all operations of message threads', async () => {
    const rc = await client()
    const account = rc.restapi().account()
    const guest = '+15557770042'
    const sent = await account
      .messageThreads()
      .messages()
      .post({
        metadata: { from: { phoneNumber: BILLING }, to: [{ phoneNumber: guest }], text: 'Hello' },
      })
    expect(sent).toMatchObject({ direction: 'Outbound', messageStatus: 'Queued', text: 'Hello' })
    const threadId = sent.threadId ?? ''
    const thread = account.messageThreads(threadId)
    expect(await thread.get()).toMatchObject({ status: 'Open', assignee: { extensionId: '101' } })
    expect((await account.messageThreads().list({ guestPhoneNumber: guest })).records).toHaveLength(1)
    expect(
      (
        await account
          .messageThreads()
          .messages()
          .get({ threadIds: [threadId] })
      ).paging?.totalElements,
    ).toBe(1)
    const threadsSync = await account.messageThreads().sync().get({ syncType: 'FSync' })
    const entriesSync = await account.messageThreads().entries().sync().get({ scope: 'Accessible' })
    expect(entriesSync.records?.map(entry => entry.recordType)).toEqual(
      expect.arrayContaining(['AliveMessage', 'ThreadAssignedHint', 'ThreadCreatedHint']),
    )

    const note = await account.messageThreads().notes().post({ threadId, text: 'VIP' })
    const noteId = note.id ?? ''
    expect(await account.messageThreads().notes(noteId).patch({ text: 'Very VIP' })).toMatchObject({ text: 'Very VIP' })
    expect(
      (
        await account
          .messageThreads()
          .notes()
          .get({ threadIds: [threadId] })
      ).records,
    ).toMatchObject([{ id: noteId, text: 'Very VIP', author: { extensionId: '101' } }])
    await account
      .messageThreads()
      .notes()
      .delete({ ids: [noteId] })
    await account
      .messageThreads()
      .messages()
      .delete({ ids: [sent.id ?? ''] })
    expect(await thread.assign().post({ assignee: { extensionId: '102' } })).toMatchObject({
      assignee: { extensionId: '102', name: 'Bob Ray' },
    })
    expect(await thread.resolve().post()).toMatchObject({ status: 'Resolved', statusReason: 'Manual' })
    await thread.delete()

    const syncToken = threadsSync.syncInfo?.syncToken ?? ''
    const changed = await account.messageThreads().sync().get({ syncType: 'ISync', syncToken })
    expect(changed.records).toMatchObject([{ id: threadId, availability: 'Deleted' }])
    const entriesToken = entriesSync.syncInfo?.syncToken ?? ''
    const entries = await account.messageThreads().entries().sync().get({ syncType: 'ISync', syncToken: entriesToken })
    const kinds = entries.records?.map(entry => entry.recordType)
    expect(kinds).toEqual(
      expect.arrayContaining([
        'DeletedMessage',
        'DeletedNote',
        'ThreadAssignedHint',
        'ThreadResolvedHint',
        'ThreadDeletedHint',
      ]),
    )
    expect(kinds).not.toContain('AliveMessage')
    expect(kinds).not.toContain('ThreadCreatedHint')
  })

  test('sends files, and finds one without its message', async () => {
    const rc = await client()
    const messages = rc.restapi().account().messageThreads().messages()
    const sent = await messages.post({
      metadata: { from: { phoneNumber: SUPPORT }, to: [{ phoneNumber: '+15557770043' }], text: 'Look' },
      attachments: [{ filename: 'pixel.png', content: PIXEL, contentType: 'image/png' }],
    })
    const [file] = sent.attachments ?? []
    expect(file).toMatchObject({ contentType: 'image/png', size: PIXEL.length })
    expect(Buffer.from(await messages.content(String(file?.id)).get())).toEqual(PIXEL)
  })

  test('refreshes, also twice with the same token, and revokes', async () => {
    const rc = await client()
    const first = rc.token?.refresh_token ?? ''
    await rc.refresh()
    const pair = { ...rc.token }
    await rc.refresh(first)
    expect(rc.token?.access_token).toBe(pair.access_token)
    expect(rc.token?.refresh_token).toBe(pair.refresh_token)
    await rc.revoke()
    await expect(client().then(other => other.refresh(pair.refresh_token))).rejects.toThrow('OAU-211')
  })

  test('looks at the account, its extensions, numbers, queues, features and grants', async () => {
    const rc = await client()
    const account = rc.restapi().account()
    expect(await account.get()).toMatchObject({ id: 400001, status: 'Confirmed' })
    expect((await account.extension().list()).records?.map(each => [each.id, each.type])).toEqual([
      [101, 'User'],
      [102, 'User'],
      [103, 'User'],
      [104, 'User'],
      [201, 'Department'],
      [202, 'Department'],
      [203, 'Site'],
    ])
    expect(await account.extension().get()).toMatchObject({
      id: 101,
      extensionNumber: '101',
      contact: { firstName: 'Ann', lastName: 'Lee' },
    })
    expect((await account.extension().phoneNumber().get()).records).toMatchObject([
      {
        phoneNumber: BILLING,
        usageType: 'DirectNumber',
        features: ['CallerId', 'SmsSender', 'MmsSender'],
        extension: { id: 201, name: 'Billing Queue', type: 'Department' },
      },
      { phoneNumber: SUPPORT, extension: { id: 202 } },
    ])
    expect((await account.callQueues().list()).records?.map(queue => queue.name)).toEqual([
      'Billing Queue',
      'Support Queue',
    ])
    expect(
      (
        await account
          .extension()
          .features()
          .get({ featureId: ['MessageThreads'] })
      ).records,
    ).toMatchObject([{ id: 'MessageThreads', available: true }])
    expect((await account.extension().grant().get()).records).toMatchObject([
      { extension: { id: '201' }, callQueueSmsRecipient: true, smsRecipient: true },
      { extension: { id: '202' } },
    ])
    expect((await account.extension('201').smsRecipients().get()).smsRecipients).toMatchObject([
      { id: '101', name: 'Ann Lee', assignable: true, hasLicense: true },
      { id: '102', name: 'Bob Ray' },
    ])
    const wstoken = await rc.post('/restapi/oauth/wstoken')
    expect(wstoken.data).toMatchObject({
      uri: expect.stringMatching(/^ws:/),
      ws_access_token: expect.any(String),
      expires_in: 600,
    })
  })
})
