import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'

describe('an SMS app that counts by a cookie', () => {
  let app: Server
  let house: TestHouse

  beforeAll(async () => {
    app = createServer((request, response) => {
      let body = ''
      request.on('data', chunk => {
        body += chunk
      })
      request.on('end', () => {
        const count = Number(/count=(\d+)/.exec(request.headers.cookie ?? '')?.[1] ?? 0) + 1
        const from = new URLSearchParams(body).get('From')
        response.writeHead(200, { 'content-type': 'text/xml', 'set-cookie': `count=${count}; Path=/` })
        response.end(`<Response><Message>${from} ${count}</Message></Response>`)
      })
    })
    await new Promise<void>(resolve => app.listen(0, '127.0.0.1', resolve))
    const smsUrl = `http://127.0.0.1:${(app.address() as AddressInfo).port}/sms`
    house = await openTestHouse(
      seedOf([
        { number: '+15550001000', smsUrl },
        { number: '+15550001001', smsUrl },
      ]),
    )
  })

  afterAll(async () => {
    await house.close()
    await new Promise(resolve => app.close(resolve))
  })

  test('counts the texts of a pair and forgets after four hours', async () => {
    const person = '+15557770001'
    for (const body of ['one', 'two', 'three']) await house.text(person, '+15550001000', body)
    await house.text('+15557770002', '+15550001000', 'hello')
    await house.text(person, '+15550001001', 'hello')
    await house.house.settled()
    expect(
      (await house.phone(person)).filter(text => text.direction === 'received').map(text => [text.from, text.body]),
    ).toEqual([
      ['+15550001000', `${person} 1`],
      ['+15550001000', `${person} 2`],
      ['+15550001000', `${person} 3`],
      ['+15550001001', `${person} 1`],
    ])
    await house.advance('PT3H59M')
    await house.text(person, '+15550001000', 'still here')
    await house.house.settled()
    expect((await house.phone(person)).at(-1)?.body).toBe(`${person} 4`)
    await house.advance('PT4H1M')
    await house.text(person, '+15550001000', 'back again')
    await house.house.settled()
    expect((await house.phone(person)).at(-1)?.body).toBe(`${person} 1`)
  })
})
