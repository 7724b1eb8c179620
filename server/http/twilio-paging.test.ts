import type { FastifyRequest } from 'fastify'
import { describe, expect, it } from 'vitest'
import { type PageAsked, pageOfAll, readPage, v1List, v2010List } from './twilio-paging.ts'
import { Parameters } from './twilio-parameters.ts'

const ALL = Array.from({ length: 7 }, (_, at) => ({ born: 7 - at }))
const requestOf = (originalUrl: string) => ({ originalUrl }) as FastifyRequest

function pageAt(url: string) {
  const query = Object.fromEntries(new URLSearchParams(url.split('?')[1]))
  const page = pageOfAll(ALL, readPage(new Parameters(query)), row => [row.born])
  return {
    born: page.rows.map(row => row.born),
    v2010: v2010List(requestOf(url), 'rows', page.rows, page),
    v1: v1List(requestOf(url), 'https://heddle.example', 'rows', page.rows, page),
  }
}

describe('a list in pages', () => {
  it('is walked forward and back by its links', () => {
    const first = pageAt('/Rows.json?Color=red&PageSize=3')
    expect(first.born).toEqual([7, 6, 5])
    expect(first.v2010).toMatchObject({ page: 0, page_size: 3, start: 0, end: 2, previous_page_uri: null })
    const second = pageAt(String(first.v2010.next_page_uri))
    expect(second.born).toEqual([4, 3, 2])
    const third = pageAt(String(second.v2010.next_page_uri))
    expect(third.born).toEqual([1])
    expect(third.v2010).toMatchObject({ page: 2, start: 6, end: 6, next_page_uri: null })
    expect(pageAt(String(third.v2010.previous_page_uri)).born).toEqual([4, 3, 2])
    const again = pageAt(String(second.v2010.previous_page_uri))
    expect(again.born).toEqual([7, 6, 5])
    expect(again.v2010.previous_page_uri).toBeNull()
  })

  it('keeps what was asked in every link', () => {
    const { v2010 } = pageAt('/Rows.json?Color=red&PageSize=3')
    expect(v2010.first_page_uri).toBe('/Rows.json?Color=red&PageSize=3&Page=0')
    expect(pageAt('/Rows.json?Name=why?&PageSize=3').v2010.first_page_uri).toContain('.json?Name=why?&PageSize=')
    expect(v2010.next_page_uri).toMatch(/^\/Rows\.json\?Color=red&PageSize=3&Page=1&PageToken=PA[\w-]+$/)
  })

  it('has whole URLs in the newer products, and names its records', () => {
    const { meta } = pageAt('/v1/Rows?PageSize=3').v1
    expect(meta).toMatchObject({
      page: 0,
      page_size: 3,
      key: 'rows',
      url: 'https://heddle.example/v1/Rows?PageSize=3',
      first_page_url: 'https://heddle.example/v1/Rows?PageSize=3&Page=0',
      previous_page_url: null,
    })
    expect(meta.next_page_url).toMatch(/^https:\/\/heddle\.example\/v1\/Rows\?PageSize=3&Page=1&PageToken=PA/)
  })

  it('is read by the number of the page, and is empty past its end', () => {
    expect(pageAt('/Rows.json?PageSize=3&Page=1').born).toEqual([4, 3, 2])
    const past = pageAt('/Rows.json?PageSize=3&Page=9')
    expect(past.born).toEqual([])
    expect(past.v2010).toMatchObject({ next_page_uri: null, previous_page_uri: '/Rows.json?PageSize=3&Page=8' })
  })
})

describe('a page that is asked for', () => {
  const read = (query: Record<string, string>, rules = {}): PageAsked => readPage(new Parameters(query), rules)

  it('is of 50 records, and of no more than the list allows', () => {
    expect(read({})).toEqual({ start: { kind: 'offset', offset: 0 }, size: 50, page: 0 })
    expect(read({ PageSize: '5000' }).size).toBe(1000)
    expect(read({ PageSize: '5000' }, { maxSize: 100 }).size).toBe(100)
    expect(read({}, { maxSize: 20 }).size).toBe(20)
  })

  const token = (parts: unknown) => `PA${Buffer.from(JSON.stringify(parts)).toString('base64url')}`

  it.each([
    ['a size of nothing', { PageSize: '0' }],
    ['a size that is no number', { PageSize: 'many' }],
    ['a page before the first', { Page: '-1' }],
    ['a page too far to count its rows', { Page: '1001', PageSize: '1000' }],
    ['a token of nobody', { PageToken: 'PAxyz' }],
    ['a token that leads nowhere', { PageToken: token(['sideways', 1]) }],
    ['a token without a key', { PageToken: token(['after']) }],
    ['a token with a key of another list', { PageToken: token(['after', 'x']) }],
  ])('is refused with %s', (_what, query) => {
    expect(() => read(query)).toThrow(expect.objectContaining({ status: 400, code: 20001 }))
  })
})
