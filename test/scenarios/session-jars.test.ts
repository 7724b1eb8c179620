import { createServer, type RequestListener, type Server } from 'node:http'
import express from 'express'
import session from 'express-session'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listen } from '../support/loopback.ts'
import { openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'

const COUNTED = '+15550001000'
const EXPIRING = '+15550001001'
const HOUR_MS = 3_600_000

let house: TestHouse
let servers: Server[]
let isBroken = false

beforeAll(async () => {
  servers = [createServer(counter), createServer(expiringCounter())]
  const [counted, expiring] = await Promise.all(servers.map(listen))
  house = await openTestHouse(
    seedOf([
      { number: COUNTED, smsUrl: `http://127.0.0.1:${counted}/` },
      { number: EXPIRING, smsUrl: `http://127.0.0.1:${expiring}/` },
    ]),
  )
})

afterAll(async () => {
  await house.close()
  for (const server of servers) server.close()
})

/** An app that counts in a cookie, and fails while it is broken. */
const counter: RequestListener = (request, response) => {
  if (isBroken) {
    response.writeHead(500).end()
    return
  }
  const count = Number(/count=(\d+)/.exec(request.headers.cookie ?? '')?.[1] ?? 0) + 1
  response.writeHead(200, { 'content-type': 'text/plain', 'set-cookie': `count=${count}` }).end(`${count}`)
}

/** One whose session says when it expires, as Express does: by `Expires` alone. */
function expiringCounter(): RequestListener {
  const app = express()
  app.use(session({ secret: 'counter', resave: false, saveUninitialized: true, cookie: { maxAge: HOUR_MS } }))
  app.post('/', (request, response) => {
    request.session.count = (request.session.count ?? 0) + 1
    response.type('text/plain').send(`${request.session.count}`)
  })
  return app
}

/** Texts a number and tells what it answered so far. */
async function say(person: string, number: string): Promise<string[]> {
  await house.text(person, number, 'hello')
  return replies(person)
}

async function replies(person: string): Promise<string[]> {
  await house.house.settled()
  return (await house.phone(person)).filter(text => text.direction === 'received').map(text => text.body)
}

test('a call of an earlier session that is replayed leaves the cookies of the one that goes on', async () => {
  const person = '+15557770001'
  isBroken = true
  await say(person, COUNTED)
  isBroken = false
  await house.advance('PT5H')
  expect(await say(person, COUNTED)).toEqual(['1'])
  const failed = await house.ask('GET', `/v1/calls?person=${encodeURIComponent(person)}&error=true`)
  await house.ask('POST', `/v1/calls/${failed.body.records[0].id}/replay`)
  expect(await replies(person)).toEqual(['1', '1'])
  expect(await say(person, COUNTED)).toEqual(['1', '1', '2'])
})

test('a session that its owner ends is gone, and the next text starts another', async () => {
  const person = '+15557770002'
  const path = `/v1/sessions/${COUNTED}/${person}`
  await say(person, COUNTED)
  expect((await house.ask('GET', path)).body.cookies).toMatchObject([{ name: 'count', value: '1' }])
  expect((await house.ask('DELETE', path)).status).toBe(204)
  expect((await house.ask('GET', path)).status).toBe(404)
  expect((await house.ask('DELETE', path)).status).toBe(404)
  expect(await say(person, COUNTED)).toEqual(['1', '1'])
  await house.advance('PT5H')
  expect((await house.ask('DELETE', path)).status).toBe(404)
  expect((await house.ask('GET', path)).status).toBe(404)
})

test('a session whose cookie expires in an hour goes on when the clock was moved before it began', async () => {
  const person = '+15557770003'
  await house.advance('PT5H')
  expect(await say(person, EXPIRING)).toEqual(['1'])
  await house.advance('PT59M')
  expect(await say(person, EXPIRING)).toEqual(['1', '2'])
  await house.advance('PT61M')
  expect(await say(person, EXPIRING)).toEqual(['1', '2', '1'])
})

test('the call of a picture names it as the message itself does, and is found by a person written as in a form', async () => {
  const person = '+15557770004'
  const sid = await house.text(person, COUNTED, 'look', { mediaUrls: ['data:image/png;base64,AAAA'] })
  await house.house.settled()
  const calls = await house.ask('GET', `/v1/calls?person=${person}&limit=1`)
  expect(calls.body.records).toMatchObject([{ sms: sid, parameters: { MessageSid: sid } }])
})
