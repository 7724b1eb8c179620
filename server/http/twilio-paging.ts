import type { FastifyRequest } from 'fastify'
import { isOnCalendar } from '../domain/calendar.ts'
import { isUuid } from '../domain/ids.ts'
import { readUrlJson, writeUrlJson } from '../kit/url-json.ts'
import { TwilioError } from './twilio-errors.ts'
import type { Parameters } from './twilio-parameters.ts'

/** Where a page starts. A key is what a list is sorted by, the last part unique: `[listedAtMs, id]`, `[born]`. */
export type PageStart =
  | { kind: 'offset'; offset: number }
  | { kind: 'after'; key: PageKey }
  | { kind: 'before'; key: PageKey }

export type PageKey = (string | number)[]

export interface PageAsked {
  start: PageStart
  /** Records a page. */
  size: number
  /** The page's number: decoration, unless there is no token. */
  page: number
}

/** One page of a list: what to show and whether there is more either way. */
export interface Page<Row> {
  rows: Row[]
  asked: PageAsked
  nextToken: string | null
  /** Null on the first page; empty when the page before can only be asked by its number. */
  previousToken: string | null
}

const DEFAULT_SIZE = 50
const MAX_SIZE = 1000
/** Pages by number are counted off row by row; tokens have no such limit. */
const MAX_OFFSET = 1_000_000

/** What the parts of a list's key are (a time in milliseconds); a token with other parts was not made by us. */
export type KeyShape = readonly ('number' | 'time' | 'uuid')[]

export interface PageRules {
  maxSize?: number
  /** `['number']` unless said: lists by `born`. */
  key?: KeyShape
}

/**
 * Reads PageSize (50 unless said, clamped to `maxSize`), Page and PageToken. Refuses 20001 what makes no sense.
 */
export function readPage(query: Parameters, { maxSize = MAX_SIZE, key = ['number'] }: PageRules = {}): PageAsked {
  const size = Math.min(query.integer('PageSize') ?? Math.min(DEFAULT_SIZE, maxSize), maxSize)
  if (size < 1) throw new TwilioError(400, 20001, 'Page size must be greater than 0')
  const page = query.integer('Page') ?? 0
  if (page < 0) throw new TwilioError(400, 20001, 'Page number must not be negative')
  const token = query.filled('PageToken')
  if (token !== undefined) return { start: readToken(token, key), size, page }
  if (page * size > MAX_OFFSET) throw new TwilioError(400, 20001, `Page ${page} is too far: follow the next pages`)
  return { start: { kind: 'offset', offset: page * size }, size, page }
}

/**
 * The page from the rows that the store gave: up to `size + 1`, in list order for `offset` and `after`, in reverse
 * order for `before`. `keyOf` gives a row's sort key.
 */
export function pageOf<Row>(found: Row[], asked: PageAsked, keyOf: (row: Row) => PageKey): Page<Row> {
  const hasMore = found.length > asked.size
  const isBackward = asked.start.kind === 'before'
  const rows = found.slice(0, asked.size)
  if (isBackward) rows.reverse()
  const first = rows[0]
  const last = rows.at(-1)
  const hasNext = isBackward || hasMore
  const hasPrevious = isBackward ? hasMore : asked.page > 0
  return {
    rows,
    asked,
    nextToken: hasNext && last !== undefined ? writeToken('after', keyOf(last)) : null,
    previousToken: hasPrevious ? (first === undefined ? '' : writeToken('before', keyOf(first))) : null,
  }
}

/** A page of a list that is short enough to be read whole. */
export function pageOfAll<Row>(all: Row[], asked: PageAsked, keyOf: (row: Row) => PageKey): Page<Row> {
  const { start, size } = asked
  if (start.kind === 'offset') return pageOf(all.slice(start.offset, start.offset + size + 1), asked, keyOf)
  const wanted = JSON.stringify(start.key)
  const at = all.findIndex(row => JSON.stringify(keyOf(row)) === wanted)
  if (start.kind === 'after') return pageOf(at < 0 ? [] : all.slice(at + 1, at + size + 2), asked, keyOf)
  return pageOf(all.slice(Math.max(0, at - size - 1), Math.max(0, at)).reverse(), asked, keyOf)
}

/** The list as the 2010-04-01 API writes it, with relative URIs. */
export function v2010List(request: FastifyRequest, name: string, records: unknown[], page: Page<unknown>) {
  const links = linksOf(request, page)
  const start = page.asked.page * page.asked.size
  return {
    [name]: records,
    page: page.asked.page,
    page_size: page.asked.size,
    start,
    end: Math.max(start, start + records.length - 1),
    uri: request.originalUrl,
    first_page_uri: links.first,
    previous_page_uri: links.previous,
    next_page_uri: links.next,
  }
}

/** The list as the products' own APIs write it, with absolute URLs below `origin` (`https://host`). */
export function v1List(request: FastifyRequest, origin: string, name: string, records: unknown[], page: Page<unknown>) {
  const { first, previous, next } = linksOf(request, page)
  return {
    meta: {
      page: page.asked.page,
      page_size: page.asked.size,
      first_page_url: origin + first,
      previous_page_url: previous === null ? null : origin + previous,
      url: origin + request.originalUrl,
      next_page_url: next === null ? null : origin + next,
      key: name,
    },
    [name]: records,
  }
}

function linksOf(request: FastifyRequest, { asked, nextToken, previousToken }: Page<unknown>) {
  const link = (page: number, token: string) => pageLink(request.originalUrl, asked.size, page, token)
  return {
    first: link(0, ''),
    previous: previousToken === null ? null : link(Math.max(0, asked.page - 1), previousToken),
    next: nextToken === null ? null : link(asked.page + 1, nextToken),
  }
}

function pageLink(url: string, size: number, page: number, token: string): string {
  const [path = '', ...queries] = url.split('?')
  const query = queries.join('?')
  const kept = query.split('&').filter(pair => pair !== '' && !/^Page(?:Size|Token)?(?:=|$)/.test(pair))
  const paging = [`PageSize=${size}`, `Page=${page}`, ...(token === '' ? [] : [`PageToken=${token}`])]
  return `${path}?${[...kept, ...paging].join('&')}`
}

/** `PA`, as Twilio's tokens begin, then the way to go and the key. */
function writeToken(kind: 'after' | 'before', key: PageKey): string {
  return `PA${writeUrlJson([kind, ...key])}`
}

function readToken(token: string, shape: KeyShape): PageStart {
  const read = readUrlJson(token.slice(2))
  const [kind, ...key]: unknown[] = Array.isArray(read) ? read : []
  const fits = key.length === shape.length && key.every((part, at) => isPart(part, shape[at]))
  if ((kind !== 'after' && kind !== 'before') || !fits) throw new TwilioError(400, 20001, 'Invalid PageToken')
  return { kind, key: key as PageKey }
}

function isPart(part: unknown, shape: KeyShape[number] | undefined): boolean {
  if (shape === 'uuid') return typeof part === 'string' && isUuid(part)
  return Number.isSafeInteger(part) && (shape !== 'time' || isOnCalendar(new Date(Number(part))))
}
