import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { importNumbers, restoreNumbers, showNumbers } from '../../server/number-commands.ts'
import { type AppProcess, startApp } from '../support/app-process.ts'
import { type Gate, openGate } from '../support/gate.ts'
import { ACCOUNT_SID, AUTH_TOKEN, openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'

const APPS = join(fileURLToPath(new URL('../..', import.meta.url)), 'test/apps')
/** Answered by the app; without an app; with an app that stands where it stood before. */
const COUNTED = '+15550001000'
const QUIET = '+15550001001'
const ELSEWHERE = '+15550001002'
const PICTURE = 'data:image/png;base64,iVBORw0KGgo='
const NUMBERS = `/2010-04-01/Accounts/${ACCOUNT_SID}/IncomingPhoneNumbers`
const MESSAGES = `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages.json`

/** Heddle behind Heddle: `ours` has an account at `theirs` as others have one at Twilio; the phones are there. */
describe('a Heddle whose Twilio is a Heddle', () => {
  let app: AppProcess
  let theirs: TestHouse
  let ours: TestHouse
  let toThem: Gate
  let toUs: Gate

  beforeAll(async () => {
    app = await startApp(process.execPath, port => ['counter-express.cjs', String(port)], APPS)
    toThem = await openGate()
    toUs = await openGate()
    theirs = await openTestHouse(
      seedOf([{ number: COUNTED }, { number: QUIET }, { number: ELSEWHERE, smsUrl: 'http://127.0.0.1:9/before' }]),
    )
    toThem.target = theirs.url
    const carrier = {
      name: 'tw',
      kind: 'twilio' as const,
      accountSid: ACCOUNT_SID,
      authToken: AUTH_TOKEN,
      url: toThem.url,
      answerWithinMs: 1000,
      resendAfterMs: 2000,
      reconcileEveryMs: 500,
    }
    const seed = seedOf([{ number: COUNTED, carrier: 'tw', smsUrl: `${app.url}/sms` }])
    seed.accounts = seed.accounts.map(account => ({ ...account, carriers: [carrier] }))
    ours = await openTestHouse(seed, { HEDDLE_PUBLIC_URL: toUs.url })
    toUs.target = ours.url
    const imported = await ours.ask('POST', '/v1/carriers/tw/numbers', { numbers: [COUNTED, QUIET] })
    expect(imported.body.records.map((record: { isHere: boolean }) => record.isHere)).toEqual([true, true])
  })

  afterEach(async () => {
    await Promise.all([toThem.open(), toUs.open()])
    toThem.loses = toUs.loses = () => false
  })

  afterAll(async () => {
    await ours?.close()
    await theirs?.close()
    await app?.stop()
    await Promise.all([toThem?.close(), toUs?.close()])
  })

  const received = async (person: string, number: string) =>
    (await theirs.phone(person)).filter(text => text.direction === 'received' && text.from === number)
  const bodies = async (person: string, number: string) => (await received(person, number)).map(text => text.body)
  const heard = async (number: string, person: string): Promise<{ body: string; sid: string; num_media: string }[]> =>
    (await ours.ask('GET', `${MESSAGES}?${new URLSearchParams({ To: number, From: person })}`)).body.messages.reverse()

  async function send(to: string, body: string, more: [string, string][] = [], from = QUIET): Promise<string> {
    const form = new URLSearchParams([['From', from], ['To', to], ['Body', body], ...more])
    const answer = await ours.ask('POST', MESSAGES, form)
    expect(answer).toMatchObject({ status: 201 })
    return answer.body.sid
  }
  const textOf = async (sid: string) =>
    (await ours.ask('GET', `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages/${sid}.json`)).body
  const statusOf = async (sid: string) => (await textOf(sid)).status

  const soon = <T>(look: () => Promise<T>) => expect.poll(look, { timeout: 15_000, interval: 50 })

  test('an app counts the texts of a session through both', async () => {
    const person = '+15557770001'
    for (const body of ['one', 'two', 'three']) await theirs.text(person, COUNTED, body)
    await theirs.text('+15557770002', COUNTED, 'first')
    const said = (who: string, count: number) => `${who} has messaged ${COUNTED} ${count} times`
    await soon(() => bodies(person, COUNTED)).toEqual([1, 2, 3].map(count => said(person, count)))
    await soon(() => bodies('+15557770002', COUNTED)).toEqual([said('+15557770002', 1)])
  })

  test('a text is told to be delivered when the phone has it', async () => {
    const sid = await send('+15557770003', 'hello 😀')
    await soon(() => statusOf(sid)).toBe('delivered')
    expect(await bodies('+15557770003', QUIET)).toEqual(['hello 😀'])
  })

  /** Where the first file of a text is. */
  async function fileOf(house: TestHouse, sid: string): Promise<string> {
    const media = await house.ask('GET', `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages/${sid}/Media.json`)
    return house.url + media.body.media_list[0].uri.replace('.json', '')
  }

  async function bytesAt(url: string): Promise<string> {
    const answer = await fetch(url)
    return answer.ok ? Buffer.from(await answer.arrayBuffer()).toString('base64') : `status ${answer.status}`
  }

  test('files go both ways', async () => {
    const person = '+15557770004'
    await theirs.text(person, QUIET, 'see', { mediaUrls: [PICTURE] })
    await soon(async () => (await heard(QUIET, person)).map(text => text.num_media)).toEqual(['1'])
    const [text] = await heard(QUIET, person)
    await send(person, 'and this', [['MediaUrl', await fileOf(ours, text?.sid ?? '')]])
    await soon(() => bodies(person, QUIET)).toEqual(['and this'])
    expect(await bytesAt((await received(person, QUIET))[0]?.mediaUrls[0] ?? '')).toBe('iVBORw0KGgo=')
  })

  test('files go out where files of the account need credentials', async () => {
    const person = '+15557770014'
    const file = await fileOf(theirs, await theirs.text(person, QUIET, 'see', { mediaUrls: [PICTURE] }))
    await ours.ask('PATCH', '/v1/settings', { mediaNeedsAuth: true })
    await send(person, 'for your eyes', [['MediaUrl', file]])
    await soon(() => bodies(person, QUIET)).toEqual(['for your eyes'])
    expect(await bytesAt((await received(person, QUIET))[0]?.mediaUrls[0] ?? '')).toBe('iVBORw0KGgo=')
    const asked = toThem.passed.findLast(each => each.body.includes('for+your+eyes'))?.body ?? ''
    const told = new URLSearchParams(asked).get('MediaUrl') ?? ''
    expect(await bytesAt(told)).toBe('iVBORw0KGgo=')
    expect(await bytesAt(told.split('?')[0] ?? '')).toBe('status 401')
    await ours.ask('PATCH', '/v1/settings', { mediaNeedsAuth: false })
  })

  test('a refusal fails the text with their code, and an opt-out there is one here', async () => {
    const person = '+15557770005'
    await theirs.ask('PUT', `/v1/opt-outs/${encodeURIComponent(QUIET)}/${encodeURIComponent(person)}`)
    const sid = await send(person, 'are you there?')
    await soon(() => statusOf(sid)).toBe('failed')
    expect(await textOf(sid)).toMatchObject({ error_code: 21610 })
    const { body } = await ours.ask('GET', `/v1/opt-outs?${new URLSearchParams({ person })}`)
    expect(body.records).toMatchObject([{ scope: QUIET, person, source: 'carrier' }])
    const form = new URLSearchParams({ From: QUIET, To: person, Body: 'again' })
    expect(await ours.ask('POST', MESSAGES, form)).toMatchObject({ status: 400, body: { code: 21610 } })
    expect(toThem.passed.filter(each => each.body.includes('again'))).toEqual([])
  })

  test('a stop is answered once, by them, and counts here', async () => {
    const person = '+15557770006'
    await theirs.text(person, QUIET, 'STOP')
    await soon(async () => (await heard(QUIET, person)).map(text => text.body)).toEqual(['STOP'])
    await Promise.all([ours.house.settled(), theirs.house.settled()])
    expect(await bodies(person, QUIET)).toHaveLength(1)
    const form = new URLSearchParams({ From: QUIET, To: person, Body: 'sorry' })
    expect(await ours.ask('POST', MESSAGES, form)).toMatchObject({ status: 400, body: { code: 21610 } })
    await theirs.text(person, QUIET, 'START')
    await soon(async () => (await ours.ask('POST', MESSAGES, form)).status).toBe(201)
    await soon(() => bodies(person, QUIET)).toHaveLength(3)
  })

  test('texts wait for an account that is away, and go in order when it is back', async () => {
    const person = '+15557770007'
    await toThem.shut()
    const sids: string[] = []
    for (const body of ['one', 'two', 'three']) sids.push(await send(person, body))
    await soon(async () => (await ours.ask('GET', '/v1/carriers')).body.records[0].isBound).toBe(false)
    expect(await statusOf(sids[0] ?? '')).not.toBe('failed')
    await theirs.restart()
    toThem.target = theirs.url
    await toThem.open()
    await soon(() => bodies(person, QUIET)).toEqual(['one', 'two', 'three'])
    for (const sid of sids) await soon(() => statusOf(sid)).toBe('delivered')
    expect((await ours.ask('GET', '/v1/carriers')).body.records[0]).toMatchObject({ isBound: true, lastError: null })
  })

  test('texts from phones and receipts that came while we were away are read when we are back', async () => {
    const person = '+15557770008'
    const sid = await send(person, 'before')
    await toUs.shut()
    const late = await send(person, 'unheard')
    for (const body of ['one', 'two', 'three']) await theirs.text(person, QUIET, body)
    await theirs.house.settled()
    await ours.restart()
    toUs.target = ours.url
    await toUs.open()
    await soon(async () => (await heard(QUIET, person)).map(text => text.body)).toEqual(['one', 'two', 'three'])
    for (const each of [sid, late]) await soon(() => statusOf(each)).toBe('delivered')
  })

  test('a text whose answer was lost is sent once and told to be delivered', async () => {
    const person = '+15557770009'
    toThem.loses = ({ method, body }) => method === 'POST' && body.includes('Body=lost+answer')
    const sid = await send(person, 'lost answer')
    await soon(() => statusOf(sid)).toBe('delivered')
    expect(await bodies(person, QUIET)).toEqual(['lost answer'])
  })

  test('a text whose answer and receipts were lost is found in their list', async () => {
    const person = '+15557770010'
    await toUs.shut()
    toThem.loses = ({ method, body }) => method === 'POST' && body.includes('Body=quite+lost')
    const sid = await send(person, 'quite lost')
    await soon(() => statusOf(sid)).toBe('delivered')
    expect(await bodies(person, QUIET)).toEqual(['quite lost'])
    expect(toThem.passed.filter(each => each.body.includes('Body=quite+lost'))).toHaveLength(1)
  })

  test('what is not signed changes nothing', async () => {
    const { body } = await ours.ask('GET', '/v1/carriers')
    const url = `${toUs.url}/carriers/${ACCOUNT_SID}/${body.records[0].id}`
    const form = { MessageSid: `SM${'1'.repeat(32)}`, From: '+15557770011', To: QUIET, Body: 'let me in' }
    for (const path of ['/inbound', '/status']) {
      const answer = await fetch(url + path, { method: 'POST', body: new URLSearchParams(form) })
      expect(answer.status).toBe(403)
    }
    expect(await heard(QUIET, '+15557770011')).toEqual([])
  })

  test('secrets are shown nowhere', async () => {
    const carriers = await ours.ask('GET', '/v1/carriers')
    const health = await ours.ask('GET', '/healthz')
    expect(carriers.body.records[0].settings).toMatchObject({ accountSid: ACCOUNT_SID })
    expect(JSON.stringify([carriers.body, health.body])).not.toContain(AUTH_TOKEN)
  })

  test('a number is taken over and put back as it stood', async () => {
    const listed = async () =>
      (await ours.ask('GET', '/v1/carriers/tw/numbers')).body.records.find(
        ({ number }: { number: string }) => number === ELSEWHERE,
      )
    const before = { number: ELSEWHERE, pointsTo: 'http://127.0.0.1:9/before', isHere: false, isImported: false }
    expect(await listed()).toEqual(before)
    await ours.ask('POST', '/v1/carriers/tw/numbers', { numbers: [ELSEWHERE] })
    expect(await listed()).toMatchObject({ isHere: true, isImported: true })
    await theirs.text('+15557770012', ELSEWHERE, 'to you now')
    await soon(async () => (await heard(ELSEWHERE, '+15557770012')).map(text => text.body)).toEqual(['to you now'])
    // This server was at another address when it took the number over.
    const { sid } = (await theirs.ask('GET', `${NUMBERS}.json?PhoneNumber=${encodeURIComponent(ELSEWHERE)}`)).body
      .incoming_phone_numbers[0]
    const { callbackUrl } = (await ours.ask('GET', '/v1/carriers')).body.records[0]
    const earlier = `${callbackUrl.replace(/^http:\/\/[^/]+/, 'https://earlier.example')}/inbound`
    await theirs.ask('POST', `${NUMBERS}/${sid}.json`, new URLSearchParams({ SmsUrl: earlier }))
    expect(await listed()).toMatchObject({ pointsTo: earlier, isHere: false, isImported: true })
    await ours.ask('POST', '/v1/carriers/tw/numbers', { numbers: [ELSEWHERE] })
    const path = `/v1/carriers/tw/numbers/${encodeURIComponent(ELSEWHERE)}`
    expect((await ours.ask('DELETE', path)).status).toBe(204)
    expect(await listed()).toEqual(before)
    expect((await ours.ask('DELETE', path)).status).toBe(404)
    await theirs.text('+15557770012', ELSEWHERE, 'to them again')
    await theirs.text('+15557770012', QUIET, 'to you still')
    await soon(async () => (await heard(QUIET, '+15557770012')).map(text => text.body)).toEqual(['to you still'])
    expect(await heard(ELSEWHERE, '+15557770012')).toHaveLength(1)
  })

  test('the command line shows, takes over and puts back numbers', async () => {
    const options = { server: ours.url, account: ACCOUNT_SID, token: AUTH_TOKEN }
    const line = (place: string) => `${ELSEWHERE}      ${place}`
    expect(await showNumbers('tw', options)).toContain(line('goes to http://127.0.0.1:9/before'))
    expect(await importNumbers('tw', [ELSEWHERE], options)).toEqual([line('comes here')])
    expect(await restoreNumbers('tw', [ELSEWHERE], options)).toEqual([line('goes to http://127.0.0.1:9/before')])
    await expect(importNumbers('tw', ['+15550009999'], options)).rejects.toThrow('has no number +15550009999')
    await expect(showNumbers('tw', { ...options, token: 'wrong' })).rejects.toThrow('SID and token')
  })

  test('numbers that are not there, or are not ours to take, are refused', async () => {
    const ask = (carrier: string, numbers: string[]) => ours.ask('POST', `/v1/carriers/${carrier}/numbers`, { numbers })
    expect(await ask('tw', ['+15550009999'])).toMatchObject({ status: 404, body: { code: 'number_unknown' } })
    expect(await ask('no-such', [])).toMatchObject({ status: 404, body: { code: 'not_found' } })
    await toThem.shut()
    expect(await ask('tw', [QUIET])).toMatchObject({ status: 502, body: { code: 'carrier_refused' } })
  })
})
