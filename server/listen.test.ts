import { afterEach, expect, test } from 'vitest'
import { type App, openHttpServer } from './http/server.ts'
import { listen } from './listen.ts'

let server: App
afterEach(() => server.close())

test.each([
  ['127.0.0.1', '127.0.0.1'],
  ['0.0.0.0', '127.0.0.1'],
  ['localhost', 'localhost'],
  ['::', '127.0.0.1'],
  ['::1', '[::1]'],
])('a server that listens on %s is at the URL of %s', async (host, inUrl) => {
  server = openHttpServer({ trustProxy: false, isReady: async () => true, carriers: async () => [], onError() {} })
  const url = await listen(server, { host, port: 0 })
  expect(url).toMatch(/:[1-9][0-9]+$/)
  expect(new URL(url).hostname).toBe(inUrl)
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
})
