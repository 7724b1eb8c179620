import { createServer, type RequestListener, type Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listen } from '../support/loopback.ts'
import { openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'

const XML = { 'content-type': 'text/xml' }
const TEN_MB = 10 * 1024 * 1024
/** Twilio's connection overrides: an answer within 300 ms. */
const IMPATIENT = '#rt=300&tt=600&rc=0'

/** It counts the documents of one text, the fallback's among them: there is none left for it. Source: Twilio, error 14106. */
const TOO_MANY_DOCUMENTS = 14106

/** What an app may do wrong, by the path at which it does, and the error that its text's call is then known by. */
const WRONGS: { what: string; path: string; fragment?: string; code: number; answer: RequestListener }[] = [
  {
    what: 'TwiML that is no XML',
    path: '/broken',
    code: 12100,
    answer: (_, to) => to.writeHead(200, XML).end('<Response><Mess'),
  },
  {
    what: 'XML that is no TwiML',
    path: '/other',
    code: 12102,
    answer: (_, to) => to.writeHead(200, XML).end('<Nothing/>'),
  },
  {
    what: 'another type',
    path: '/type',
    code: 12300,
    answer: (_, to) => to.writeHead(200, { 'content-type': 'image/png' }).end('x'),
  },
  {
    what: '10 MB',
    path: '/large',
    code: 11750,
    answer: (_, to) => to.writeHead(200, XML).end(Buffer.alloc(TEN_MB, 'x')),
  },
  { what: 'nothing, ever', path: '/hanging', fragment: IMPATIENT, code: 11200, answer: () => {} },
  {
    what: 'a byte and then nothing',
    path: '/slow',
    fragment: IMPATIENT,
    code: 11200,
    answer: (_, to) => void to.writeHead(200, XML).write('<'),
  },
  {
    what: 'HTTP redirects in a circle',
    path: '/circle',
    code: 11215,
    answer: (_, to) => to.writeHead(302, { location: '/circle' }).end(),
  },
  {
    what: 'TwiML redirects in a circle',
    path: '/around',
    code: TOO_MANY_DOCUMENTS,
    answer: (_, to) => to.writeHead(200, XML).end('<Response><Redirect>/around</Redirect></Response>'),
  },
  {
    what: 'a redirect to a file',
    path: '/file',
    code: 11100,
    answer: (_, to) => to.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  },
  { what: 'an error of its own', path: '/error', code: 11200, answer: (_, to) => to.writeHead(500).end('oops') },
  { what: 'a closed connection', path: '/closed', code: 11205, answer: from => void from.socket.destroy() },
  {
    what: 'half an answer',
    path: '/half',
    code: 11205,
    answer: (from, to) =>
      void to.writeHead(200, { ...XML, 'content-length': '1000' }).write('<Response>', () => from.socket.destroy()),
  },
]

describe('an app that answers a text with', () => {
  let server: Server
  let base: string
  let house: TestHouse

  beforeAll(async () => {
    server = createServer((request, response) => {
      const path = request.url ?? ''
      if (path === '/fallback') return response.writeHead(200, XML).end('<Response><Message>sorry</Message></Response>')
      if (path === '/emoji') return response.writeHead(200, XML).end(`<Response><Message>${EMOJI}</Message></Response>`)
      const wrong = WRONGS.find(each => each.path === path)
      return wrong ? wrong.answer(request, response) : response.writeHead(404).end()
    })
    base = `http://127.0.0.1:${await listen(server)}`
    house = await openTestHouse(
      seedOf([
        { number: numberOf(EMOJI_AT), smsUrl: `${base}/emoji` },
        ...WRONGS.flatMap(({ path, fragment = '' }, at) => [
          { number: numberOf(at), smsUrl: base + path + fragment },
          { number: withFallback(at), smsUrl: base + path + fragment, smsFallbackUrl: `${base}/fallback` },
        ]),
      ]),
    )
  })

  afterAll(async () => {
    await house.close()
    server.closeAllConnections()
    server.close()
  })

  async function received(person: string): Promise<string[]> {
    await house.house.settled()
    return (await house.phone(person)).filter(text => text.direction === 'received').map(text => text.body)
  }

  test.each(WRONGS.map((wrong, at) => ({ ...wrong, at })))(
    '$what is known by $code, and the next text is told too',
    async ({ at, code }) => {
      const person = `+1555778${1000 + at}`
      const first = await house.text(person, numberOf(at), 'one')
      const second = await house.text(person, numberOf(at), 'two')
      expect(await received(person)).toEqual([])
      const { body } = await house.ask('GET', `/v1/calls?person=${encodeURIComponent(person)}`)
      const calls = body.records.map((call: { sms: string; state: string; errorCode: number }) => [
        call.sms,
        call.state,
        call.errorCode,
      ])
      expect(calls).toEqual([
        [second, 'failed', code],
        [first, 'failed', code],
      ])
    },
  )

  test.each(WRONGS.map((wrong, at) => ({ ...wrong, at })))(
    '$what is answered by the fallback',
    async ({ at, code }) => {
      const person = `+1555779${1000 + at}`
      await house.text(person, withFallback(at), 'one')
      expect(await received(person)).toEqual(code === TOO_MANY_DOCUMENTS ? [] : ['sorry'])
    },
  )

  test('emoji reaches the phone as it is', async () => {
    await house.text('+15557770001', numberOf(EMOJI_AT), EMOJI)
    expect(await received('+15557770001')).toEqual([EMOJI])
  })
})

const EMOJI = '👩‍👩‍👧‍👦🏳️‍🌈é\u0301中'
const EMOJI_AT = 900

function numberOf(at: number): string {
  return `+1555001${1000 + at}`
}

function withFallback(at: number): string {
  return `+1555002${1000 + at}`
}

test('an app that hangs leaves the apps of other accounts their calls', async () => {
  const hanging = createServer(() => {})
  const prompt = createServer((_, response) => response.writeHead(200, { 'content-type': 'text/plain' }).end('here'))
  const smsUrl = `http://127.0.0.1:${await listen(hanging)}/`
  const otherUrl = `http://127.0.0.1:${await listen(prompt)}/`
  const other = { sid: OTHER_SID, authToken: 'a token of its own', numbers: [{ number: OTHERS, smsUrl: otherUrl }] }
  const house = await openTestHouse({
    accounts: [...seedOf([{ number: numberOf(0), smsUrl }]).accounts, { name: 'Other', ...other }],
  })
  try {
    const people = Array.from({ length: MORE_THAN_ROOM }, (_, at) => `+1555777${1000 + at}`)
    await Promise.all(people.map(person => house.text(person, numberOf(0), 'anybody?')))
    const headers = { authorization: `Basic ${Buffer.from(`${other.sid}:${other.authToken}`).toString('base64')}` }
    const text = { from: '+15557770001', to: OTHERS, body: 'hello' }
    await house.ask('POST', '/simulator/messages', text, headers)
    const phone = `/simulator/phones/${encodeURIComponent(text.from)}/messages`
    const shown = async () => (await house.ask('GET', phone, undefined, headers)).body.records.length
    await expect.poll(shown).toBe(2)
  } finally {
    hanging.closeAllConnections()
    hanging.close()
    prompt.close()
    await house.close()
  }
})

const OTHER_SID = 'AC00000000000000000000000000000002'
const OTHERS = '+15550002000'
/** A second of their texts is more than a node has room for at once. */
const MORE_THAN_ROOM = 300
