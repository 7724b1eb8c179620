import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CallbackApp, openCallbackApp } from '../support/callback-app.ts'
import { ACCOUNT_SID, openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'

const NUMBER = '+15550001000'
const OTHER = '+15550001001'
const APP = '+15550001002'
const MESSAGES = `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages.json`

let house: TestHouse
let app: CallbackApp
beforeAll(async () => {
  app = await openCallbackApp(() => '<Response><Message>The app says hello</Message></Response>')
  house = await openTestHouse(
    seedOf([{ number: NUMBER }, { number: OTHER }, { number: APP, smsUrl: `${app.url}/sms` }]),
  )
})
afterAll(async () => {
  await house.close()
  await app.close()
})

let phones = 0
const newPhone = () => `+1555777${String(++phones).padStart(4, '0')}`

async function textAndSettle(phone: string, body: string, number = NUMBER): Promise<string> {
  const sid = await house.text(phone, number, body)
  await house.house.settled()
  return sid
}

const send = (To: string, From = NUMBER) =>
  house.ask('POST', MESSAGES, new URLSearchParams({ From, To, Body: 'an offer' }))

const received = async (phone: string) =>
  (await house.phone(phone)).filter(text => text.direction === 'received').map(text => text.body)

const optOuts = async (query: Record<string, string>) =>
  (await house.ask('GET', `/v1/opt-outs?${new URLSearchParams(query)}`)).body.records

describe('a person who says stop', () => {
  it.each(['STOP', ' stop. ', 'Unsubscribe', 'CANCEL', 'End', 'quit', 'STOPALL', 'OptOut', 'revoke'])(
    'with %s is told so once and not texted any more from that number',
    async word => {
      const phone = newPhone()
      expect((await send(phone)).status).toBe(201)
      // A text that waits still when its person says stop does not leave.
      await expect.poll(() => received(phone)).toEqual(['an offer'])
      const sid = await textAndSettle(phone, word)
      await textAndSettle(phone, word)
      expect(await received(phone)).toEqual(['an offer', expect.stringMatching(/unsubscribed.*START/)])
      expect(await send(phone)).toMatchObject({
        status: 400,
        body: { code: 21610, message: 'Attempt to send to unsubscribed recipient' },
      })
      expect((await send(phone, OTHER)).status).toBe(201)
      expect(await optOuts({ person: phone })).toMatchObject([
        { scope: NUMBER, person: phone, source: 'text', said: word, sms: sid, endedAt: null },
      ])
      const logged = await house.ask('GET', `${MESSAGES}?From=${encodeURIComponent(phone)}`)
      expect(logged.body.messages.map((message: { body: string }) => message.body)).toEqual([word, word])
    },
  )

  it.each(['START', 'yes', 'Unstop'])('is texted again after %s, and told so', async word => {
    const phone = newPhone()
    await textAndSettle(phone, 'STOP')
    await textAndSettle(phone, word)
    expect((await received(phone)).at(-1)).toMatch(/subscribed again/)
    expect((await send(phone)).status).toBe(201)
    expect(await optOuts({ person: phone })).toEqual([])
    expect(await optOuts({ person: phone, history: 'true' })).toMatchObject([{ endedAt: expect.any(String) }])
  })

  it('gets no answer of the app either, and the app is shown the text all the same', async () => {
    const phone = newPhone()
    const sid = await textAndSettle(phone, 'STOP', APP)
    expect(app.told.find(one => one.parameters.MessageSid === sid)?.parameters).toMatchObject({ Body: 'STOP' })
    expect(await received(phone)).toEqual([expect.stringContaining('unsubscribed')])
    const calls = await house.ask('GET', `/v1/calls?sms=${sid}`)
    expect(calls.body.records).toMatchObject([{ warnings: [{ code: 21610 }] }])
  })
})

describe('a person who has not said stop', () => {
  it('may ask for help as often as they like', async () => {
    const phone = newPhone()
    await textAndSettle(phone, 'HELP')
    await textAndSettle(phone, 'info')
    expect(await received(phone)).toHaveLength(2)
    expect((await send(phone)).status).toBe(201)
  })

  it('says yes like any other word', async () => {
    const phone = newPhone()
    await textAndSettle(phone, 'YES')
    expect(await received(phone)).toEqual([])
  })

  it('asks in words of their own, which a person looks at and no machine acts on', async () => {
    const phone = newPhone()
    const sid = await textAndSettle(phone, 'please stop texting me')
    await textAndSettle(phone, 'see you at the bus stop')
    expect(await received(phone)).toEqual([])
    expect((await send(phone)).status).toBe(201)
    const wishes = async () =>
      (await house.ask('GET', '/v1/opt-outs/wishes')).body.records.filter(
        (wish: { person: string }) => wish.person === phone,
      )
    expect(await wishes()).toMatchObject([{ sms: sid, scope: NUMBER, body: 'please stop texting me' }])
    expect((await house.ask('DELETE', `/v1/opt-outs/wishes/${sid}`)).status).toBe(204)
    expect(await wishes()).toEqual([])
    expect((await house.ask('DELETE', `/v1/opt-outs/wishes/${sid}`)).status).toBe(404)
  })
})

describe('the owner of an account', () => {
  const path = (scope: string, person: string) =>
    `/v1/opt-outs/${encodeURIComponent(scope)}/${encodeURIComponent(person)}`

  it('adds and lifts an opt-out', async () => {
    const phone = newPhone()
    expect(await house.ask('PUT', path(NUMBER, phone))).toMatchObject({ status: 201, body: { source: 'owner' } })
    expect((await house.ask('PUT', path(NUMBER, phone))).status).toBe(200)
    expect((await send(phone)).body.code).toBe(21610)
    expect((await house.ask('DELETE', path(NUMBER, phone))).status).toBe(204)
    expect((await house.ask('DELETE', path(NUMBER, phone))).status).toBe(404)
    expect((await send(phone)).status).toBe(201)
    expect((await house.ask('PUT', path('+15559999999', phone))).status).toBe(404)
    expect((await house.ask('PUT', path(NUMBER, 'nobody'))).status).toBe(400)
  })

  const csv = (body: string) => house.ask('POST', '/v1/opt-outs/import', body, { 'content-type': 'text/csv' })

  it('brings a list, and takes it away again', async () => {
    const [one, two] = [newPhone(), newPhone()]
    const list = `number,person,since,said\r\n${NUMBER},${one},2020-01-02T03:04:05Z,"STOP, please"\r\n"${NUMBER}",${two},,\r\n`
    expect(await csv(list)).toMatchObject({ status: 200, body: { read: 2, added: 2 } })
    expect(await csv(list)).toMatchObject({ body: { read: 2, added: 0 } })
    expect((await send(one)).body.code).toBe(21610)
    expect(await optOuts({ person: one })).toMatchObject([{ source: 'import', beganAt: '2020-01-02T03:04:05.000Z' }])
    const exported = await house.ask('GET', '/v1/opt-outs/export')
    expect(exported.headers.get('content-type')).toContain('text/csv')
    const lines = String(exported.body).split('\r\n')
    expect(lines[0]).toBe('scope,person,since,source,said')
    expect(lines).toContain(`${NUMBER},${one},2020-01-02T03:04:05Z,import,"STOP, please"`)
    expect(await csv(String(exported.body))).toMatchObject({ status: 200, body: { added: 0 } })
  })

  it.each([
    ['a line that names nobody', `scope,person\n${NUMBER},+15557779999\n${NUMBER},nobody\n`, 3],
    ['a number of somebody else', `scope,person\n${NUMBER},+15557779999\n+15559999999,+15557779998\n`, 3],
    ['a broken quote', `scope,person\n${NUMBER},"+15557779999\n`, 2],
  ])('cannot bring a list with %s: nothing of it counts', async (_fault, list, line) => {
    const answer = await csv(list)
    expect(answer).toMatchObject({ status: 400, body: { code: 'list_invalid', faults: [{ line }] } })
    expect(await optOuts({ person: '+15557779999' })).toEqual([])
  })
})

describe('many persons who say stop at once', () => {
  it('are each blocked and each told once', async () => {
    const all = Array.from({ length: 60 }, newPhone)
    await Promise.all(all.flatMap(phone => [house.text(phone, NUMBER, 'STOP'), house.text(phone, NUMBER, 'STOP')]))
    await house.house.settled()
    for (const phone of all) expect(await received(phone)).toHaveLength(1)
    expect(await optOuts({ number: NUMBER, limit: '1000' })).toEqual(
      expect.arrayContaining(all.map(person => expect.objectContaining({ person }))),
    )
  })
})

describe('the settings of opt-outs on a number', () => {
  const settings = (number: string) => `/v1/opt-outs/settings/${encodeURIComponent(number)}`

  it('choose the words that count, and what is answered in which language', async () => {
    const set = await house.ask('PUT', settings(OTHER), {
      languages: ['es'],
      replies: { en: { stop: 'Bye.' }, es: { stop: 'Adios.' } },
      ignoredWords: ['cancel'],
    })
    expect(set).toMatchObject({ status: 200, body: { advanced: false, autoReply: true, languages: ['es'] } })
    expect((await house.ask('GET', settings(OTHER))).body).toEqual(set.body)
    const [one, two, three] = [newPhone(), newPhone(), newPhone()]
    await textAndSettle(one, 'ALTO', OTHER)
    await textAndSettle(two, 'quit', OTHER)
    await textAndSettle(three, 'Cancel', OTHER)
    expect(await received(one)).toEqual(['Adios.'])
    expect(await received(two)).toEqual(['Bye.'])
    expect(await received(three)).toEqual([])
    expect((await send(three, OTHER)).status).toBe(201)
  })

  it('leave the answer to somebody else, and the opt-out stands all the same', async () => {
    await house.ask('PUT', settings(OTHER), { autoReply: false })
    const phone = newPhone()
    await textAndSettle(phone, 'STOP', OTHER)
    expect(await received(phone)).toEqual([])
    expect((await send(phone, OTHER)).body.code).toBe(21610)
  })

  it('tell the app of the keyword, which the app then does not answer', async () => {
    await house.ask('PUT', settings(APP), { advanced: true })
    const phone = newPhone()
    const sid = await textAndSettle(phone, 'HELP', APP)
    const told = app.told.find(one => one.parameters.MessageSid === sid)
    expect(told?.parameters).toMatchObject({ Body: 'HELP', OptOutType: 'HELP' })
    expect(await received(phone)).toEqual([expect.stringContaining('Reply STOP')])
    await house.ask('PUT', settings(APP), {})
  })

  it('are refused where they make no sense', async () => {
    expect((await house.ask('PUT', settings(NUMBER), { languages: ['tlh'] })).status).toBe(400)
    expect((await house.ask('PUT', settings(NUMBER), { nonsense: true })).status).toBe(400)
    expect((await house.ask('PUT', settings('+15559999999'), {})).status).toBe(404)
  })
})

describe('whoever said stop to a number', () => {
  const SERVICES = '/messaging/v1/Services'
  const newService = async () =>
    (await house.ask('POST', SERVICES, new URLSearchParams({ FriendlyName: 'Offers' }))).body.sid as string
  const sidOf = async (number: string) =>
    (
      await house.ask(
        'GET',
        `/2010-04-01/Accounts/${ACCOUNT_SID}/IncomingPhoneNumbers.json?PhoneNumber=${encodeURIComponent(number)}`,
      )
    ).body.incoming_phone_numbers[0].sid as string
  const join = async (service: string) =>
    house.ask(
      'POST',
      `${SERVICES}/${service}/PhoneNumbers`,
      new URLSearchParams({ PhoneNumberSid: await sidOf(OTHER) }),
    )
  const leave = async (service: string) =>
    house.ask('DELETE', `${SERVICES}/${service}/PhoneNumbers/${await sidOf(OTHER)}`)
  const codeOf = async (phone: string) => (await send(phone, OTHER)).body.code ?? 'sent'

  it('is not texted from it either when it joins a service, or leaves it', async () => {
    const [before, within, back] = [newPhone(), newPhone(), newPhone()]
    await textAndSettle(before, 'STOP', OTHER)
    await textAndSettle(back, 'STOP', OTHER)
    const service = await newService()
    expect((await join(service)).status).toBe(201)
    expect([await codeOf(before), await codeOf(within), await codeOf(back)]).toEqual([21610, 'sent', 21610])
    await textAndSettle(within, 'STOP', OTHER)
    await textAndSettle(back, 'START', OTHER)
    expect([await codeOf(within), await codeOf(back)]).toEqual([21610, 'sent'])
    expect((await leave(service)).status).toBe(204)
    expect([await codeOf(before), await codeOf(within), await codeOf(back)]).toEqual([21610, 21610, 'sent'])
  })

  it('is not texted from it when its service is deleted', async () => {
    const phone = newPhone()
    const service = await newService()
    await join(service)
    await textAndSettle(phone, 'STOP', OTHER)
    expect((await house.ask('DELETE', `${SERVICES}/${service}`)).status).toBe(204)
    expect(await codeOf(phone)).toBe(21610)
    await textAndSettle(phone, 'START', OTHER)
    expect(await codeOf(phone)).toBe('sent')
  })

  it('is not texted from it by the account that it is passed to', async () => {
    const phone = newPhone()
    await textAndSettle(phone, 'STOP', OTHER)
    const accounts = '/2010-04-01/Accounts'
    const child = (await house.ask('POST', `${accounts}.json`, new URLSearchParams({ FriendlyName: 'Child' }))).body
    const authorization = `Basic ${Buffer.from(`${child.sid}:${child.auth_token}`).toString('base64')}`
    const passed = await house.ask(
      'POST',
      `${accounts}/${ACCOUNT_SID}/IncomingPhoneNumbers/${await sidOf(OTHER)}.json`,
      new URLSearchParams({ AccountSid: child.sid }),
    )
    expect(passed.status).toBe(200)
    const offer = new URLSearchParams({ From: OTHER, To: phone, Body: 'an offer' })
    expect(await house.ask('POST', `${accounts}/${child.sid}/Messages.json`, offer, { authorization })).toMatchObject({
      status: 400,
      body: { code: 21610 },
    })
  })
})
