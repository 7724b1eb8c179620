import { expect, test } from 'vitest'
import type { HttpClient } from '../../kit/http-client.ts'
import { fetchMedia } from './media.ts'

const client: HttpClient = {
  request: async () => ({
    kind: 'answer',
    status: 200,
    headers: { 'content-type': 'image/png' },
    body: Buffer.from([1]),
  }),
  close: async () => {},
}

test.each([
  ['cat%20one.png', 'cat one.png'],
  ['50%off.png', '50%off.png'],
  ['a%00b.png', 'a\ufffdb.png'],
])('a file at %s is called %j, which the database can keep', async (last, fileName) => {
  const url = `https://gateway.example/files/${last}`
  const rules = { client, gateway: 'https://gateway.example', auth: null }
  const { media, missing } = await fetchMedia([{ url, contentType: null, fileName: null }], rules)
  expect(missing).toEqual([])
  expect(media).toMatchObject([{ fileName, contentType: 'image/png' }])
})
