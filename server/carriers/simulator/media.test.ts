import { describe, expect, test } from 'vitest'
import { fetchAllMedia, MAX_MEDIA_BYTES, MediaRefused } from './media.ts'

const refuseToFetch = async () => {
  throw new Error('no route to host 10.0.0.1')
}

describe('a data: URL', () => {
  test.each([
    ['data:image/png;base64,AAEC', 'image/png', [0, 1, 2]],
    ['data:text/plain;charset=utf-8,a%20b', 'text/plain', [97, 32, 98]],
    ['data:,x', 'text/plain', [120]],
  ])('%s is read', async (url, contentType, bytes) => {
    const [media] = await fetchAllMedia([url], refuseToFetch)
    expect(media).toEqual({ contentType, fileName: null, bytes: Buffer.from(bytes) })
  })

  test.each(['data:image/png', 'data:text/plain,%zz'])('%s is refused', async url => {
    await expect(fetchAllMedia([url], refuseToFetch)).rejects.toBeInstanceOf(MediaRefused)
  })
})

test('http(s) URLs are fetched, in order', async () => {
  const fetchMedia = async (url: string) => ({ contentType: 'image/png', fileName: url, bytes: Buffer.from([1]) })
  const media = await fetchAllMedia(['https://a.example/1', 'data:,x', 'http://a.example/2'], fetchMedia)
  expect(media.map(each => each.fileName)).toEqual(['https://a.example/1', null, 'http://a.example/2'])
})

test('a URL that cannot be fetched is refused without saying what went wrong inside', async () => {
  const refused = fetchAllMedia(['http://10.0.0.1/x'], refuseToFetch)
  await expect(refused).rejects.toThrow('The media at http://10.0.0.1/x could not be fetched.')
})

test('other schemes are refused unasked', async () => {
  await expect(fetchAllMedia(['file:///etc/passwd'], refuseToFetch)).rejects.toBeInstanceOf(MediaRefused)
})

test('media of 5 MB together go, one byte more does not', async () => {
  const fetchMedia = async (url: string) => ({
    contentType: 'image/png',
    fileName: null,
    bytes: Buffer.alloc(Number(url.slice(-1)) + MAX_MEDIA_BYTES / 2),
  })
  await expect(fetchAllMedia(['http://a/0', 'http://a/0'], fetchMedia)).resolves.toHaveLength(2)
  await expect(fetchAllMedia(['http://a/0', 'http://a/1'], fetchMedia)).rejects.toBeInstanceOf(MediaRefused)
})
