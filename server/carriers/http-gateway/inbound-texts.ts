import { createHash } from 'node:crypto'
import type { GatewayInbound, GatewayMedia } from '../../domain/gateway-events.ts'
import type { OptOutKind } from '../../domain/opt-out.ts'
import { keptId } from './gateway-ids.ts'
import type { Numbers } from './numbers.ts'
import { findAll, findTexts, isMet, readField, type Source } from './path.ts'

/** A file of a text as its event names it. */
export type NamedMedia = { contentType: string | null; fileName: string | null } & ({ url: string } | { data: string })

/** A text as an event tells it; its files are not fetched yet. */
export interface HeardText {
  /** Null when the gateway names nothing that makes the text one of a kind. */
  id: string | null
  person: string
  number: string
  others: string[]
  body: string
  media: NamedMedia[]
  keyword?: OptOutKind
  isAnswered?: boolean
}

/** Longer than any address of a text. */
const LONGEST_ADDRESS = 140
const KEYWORDS: OptOutKind[] = ['stop', 'start', 'help']

/** Whether an event that came to that endpoint is a text. */
export function isText(source: Source, { when }: GatewayInbound, endpoint: 'inbound' | 'status'): boolean {
  return when ? isMet(source, when) : endpoint === 'inbound'
}

/** The text that an event tells; null when it names no sender or no number of ours. */
export function readText(source: Source, inbound: GatewayInbound, numbers: Numbers): HeardText | null {
  const person = numbers.read(readField(source, inbound.from) ?? '')
  const number = numbers.read(readField(source, inbound.number) ?? '')
  if (!isAddress(person) || !isAddress(number)) return null
  const keyword = KEYWORDS.find(each => each === readField(source, inbound.keyword))
  const members = (inbound.others ?? []).flatMap(path => findTexts(source, path)).map(numbers.read)
  return {
    id: idOf(source, inbound.id),
    person,
    number,
    others: [...new Set(members)].filter(each => isAddress(each) && each !== person && each !== number),
    body: readField(source, inbound.text) ?? '',
    media: inbound.media === undefined ? [] : mediaOf(source, inbound.media),
    ...(keyword && { keyword }),
    ...(inbound.answersKeywords && { isAnswered: true }),
  }
}

function isAddress(text: string): boolean {
  return text !== '' && text.length <= LONGEST_ADDRESS
}

/** A list of paths makes one id of all that they lead to. */
function idOf(source: Source, paths: GatewayInbound['id']): string | null {
  if (paths === undefined) return null
  if (typeof paths === 'string') {
    const id = findTexts(source, paths).find(each => each !== '')
    return id === undefined ? null : keptId(id)
  }
  const found = paths.map(path => findTexts(source, path))
  if (found.every(each => each.length === 0)) return null
  return createHash('sha256').update(JSON.stringify(found)).digest('hex').slice(0, 40)
}

function mediaOf(source: Source, media: GatewayMedia): NamedMedia[] {
  if (typeof media === 'string' || Array.isArray(media)) {
    const urls = [media].flat().flatMap(path => findTexts(source, path))
    return urls.filter(url => url !== '').map(url => ({ url, contentType: null, fileName: null }))
  }
  return findAll(source, media.each)
    .flatMap(each => (Array.isArray(each) ? each : [each]))
    .flatMap((event): NamedMedia[] => {
      const read = (path: string | undefined) => readField({ ...source, event }, path)
      const file = { contentType: read(media.contentType), fileName: read(media.fileName) }
      const data = read(media.data)
      const url = read(media.url)
      if (data !== null) return [{ ...file, data }]
      return url === null ? [] : [{ ...file, url }]
    })
}
