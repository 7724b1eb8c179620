import { PassThrough } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import fastify from 'fastify'
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  ACCOUNT,
  NUMBER,
  numbersOf,
  openTestSimulator,
  PHONE,
  textTo,
} from '../../../test/support/simulated-network.ts'
import { simulatorRoutes } from './routes.ts'
import { runPhone } from './terminal-phone.ts'

const SID = 'AC00000000000000000000000000000001'

/** A server on loopback whose application answers "ping" with "pong" and anything else not at all. */
async function startServer() {
  const { simulator, house, clock } = openTestSimulator()
  const app = fastify()
  simulatorRoutes(app, {
    simulator,
    clock,
    async authenticate({ headers }) {
      const expected = `Basic ${Buffer.from(`${SID}:secret`).toString('base64')}`
      if (headers.authorization !== expected) throw Object.assign(new Error('Authenticate'), { statusCode: 401 })
      return { accountId: ACCOUNT }
    },
    numbersOf,
    sidsOf: async () => new Map(),
    advanceClock: async () => {},
    fetchMedia: async () => ({ contentType: 'image/png', fileName: null, bytes: Buffer.from([1]) }),
  })
  app.get('/2010-04-01/Accounts/:sid/IncomingPhoneNumbers.json', async () => ({
    incoming_phone_numbers: [{ phone_number: NUMBER }, { phone_number: '+15550001001' }],
  }))
  const receive = house.receive
  house.receive = async text => {
    if (text.body === 'ping') setTimeout(() => void simulator.send([{ ...textTo(), body: 'pong' }]), 500)
    return receive(text)
  }
  onTestFinished(() => app.close())
  return { server: await app.listen({ host: '127.0.0.1', port: 0 }), house, simulator }
}

function openTerminal(options: { server: string; to?: string; authToken?: string; isTTY?: boolean }) {
  const input = Object.assign(new PassThrough(), { isTTY: options.isTTY ?? false })
  const output = new PassThrough()
  let printed = ''
  output.on('data', chunk => {
    printed += chunk
  })
  const ended = runPhone({ phone: PHONE, accountSid: SID, authToken: 'secret', ...options, input, output })
  return {
    input,
    ended,
    printed: () => printed,
    async sees(text: string) {
      for (let i = 0; i < 100 && !printed.includes(text); i += 1) await pause(20)
      expect(printed).toContain(text)
    },
  }
}

describe('a phone that reads from a pipe', () => {
  test('sends each line, waits for the reply, and ends', async () => {
    const { server, house } = await startServer()
    const terminal = openTerminal({ server, to: NUMBER })
    terminal.input.end('hello\nping\n')
    expect(await terminal.ended).toBe(true)
    expect(house.received.map(text => text.body)).toEqual(['hello', 'ping'])
    const lines = terminal.printed().trim().split('\n').slice(1)
    expect(lines.map(line => line.replace(/^\d\d:\d\d:\d\d {2}/, ''))).toEqual([
      `→ ${NUMBER}  hello`,
      `→ ${NUMBER}  ping`,
      `← ${NUMBER}  pong`,
    ])
  })

  test('says what the server refused, goes on, and ends badly', async () => {
    const { server, house } = await startServer()
    const terminal = openTerminal({ server, to: '+15558880000' })
    terminal.input.end(`lost\n/to ${NUMBER}\nfound\n/quit\nnever\n`)
    expect(await terminal.ended).toBe(false)
    expect(terminal.printed()).toContain('! No number of this account: +15558880000')
    expect(house.received.map(text => text.body)).toEqual(['found'])
  })

  test('ends at once with a word why when the credentials are wrong', async () => {
    const { server } = await startServer()
    const terminal = openTerminal({ server, to: NUMBER, authToken: 'wrong' })
    expect(await terminal.ended).toBe(false)
    expect(terminal.printed()).toBe('! Authenticate\n')
  })
})

test('a phone at a terminal texts the first number, lists numbers, sends pictures, and shows texts as they come', async () => {
  const { server, house, simulator } = await startServer()
  const terminal = openTerminal({ server, isTTY: true })
  await terminal.sees(`${PHONE} texting ${NUMBER}`)
  terminal.input.write('/numbers\n/photo https://a.example/cat.png a cat\n')
  await terminal.sees(`${NUMBER}\n+15550001001`)
  await terminal.sees('[https://a.example/cat.png]')
  expect(house.received).toMatchObject([{ body: 'a cat', media: [{ contentType: 'image/png' }] }])
  await simulator.send([{ ...textTo(), body: 'nice cat' }])
  await terminal.sees(`← ${NUMBER}  nice cat`)
  terminal.input.write('/quit\n')
  expect(await terminal.ended).toBe(true)
})
