import type { GatewaySecrets, GatewaySettings } from './gateway-settings.ts'

/** `{name}`, `{name.part}` or `{name|map}`; any other brace is a brace. */
export const PLACEHOLDER = /\{([A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z0-9_-]+)*)(?:\|([A-Za-z][A-Za-z0-9]*))?\}/g

/** What templates of calls to the gateway may name besides `secret.*` and `value.*`. */
const OF_TEXTS = [
  'from',
  'to',
  'recipients',
  'text',
  'media',
  'reference',
  'statusUrl',
  'inboundUrl',
  'encoding',
  'segments',
]
/** What is signed: the request as the gateway made it. */
const OF_REQUESTS = ['body', 'url', 'urlBase', 'method', 'header', 'query', 'timestamp']

/**
 * What is wrong with the names that a gateway's templates use, in words for the operator; null when all are known.
 * A secret written out where a `{secret.name}` belongs is wrong too: settings are shown.
 */
export function findWrongName(settings: GatewaySettings, { secrets = {} }: GatewaySecrets): string | null {
  const { auth, headers, send, sendMedia, sendGroup, check, signature } = settings
  const own = { secrets, values: settings.values ?? {}, maps: settings.maps ?? {} }
  const signs = signature && 'signs' in signature ? signature.signs : undefined
  const ofTexts = textsIn([auth, headers, send, sendMedia, sendGroup, check, { ...signature, signs: undefined }])
  const wrong =
    ofTexts.map(text => wrongIn(text, OF_TEXTS, own)).find(each => each !== null) ??
    wrongIn(signs ?? '', OF_REQUESTS, own)
  if (wrong) return wrong
  for (const [place, text] of Object.entries(secretPlaces(auth, signature))) {
    if (!text.includes('{secret.')) return `${place} is shown to whoever may see settings; write {secret.name} there`
  }
  if (signature?.kind === 'token' && (signature.header === undefined) === (signature.query === undefined)) {
    return 'a token is shown either in a header or in a query'
  }
  if ((settings.inbound || settings.receipts) && !signature) {
    return 'what the gateway calls needs a signature; a token in a query is the least of them'
  }
  return null
}

function wrongIn(text: string, known: string[], own: { secrets: object; values: object; maps: object }): string | null {
  for (const [whole, name = '', map] of text.matchAll(PLACEHOLDER)) {
    const [first = '', second = ''] = name.split('.')
    if (map !== undefined && !Object.hasOwn(own.maps, map)) return `${whole} names a map that is not there`
    if (first === 'secret' && Object.hasOwn(own.secrets, second)) continue
    if (first === 'value' && Object.hasOwn(own.values, second)) continue
    if (known.includes(first)) continue
    return `nothing is known as ${whole}`
  }
  return null
}

/** Templates whose whole point is a secret. */
function secretPlaces(auth: GatewaySettings['auth'], signature: GatewaySettings['signature']): Record<string, string> {
  const places: Record<string, string> = {}
  if (auth && 'bearer' in auth) places['auth.bearer'] = auth.bearer
  if (auth && 'basic' in auth) places['auth.basic.password'] = auth.basic.password
  if (signature && 'key' in signature) places['signature.key'] = signature.key
  if (signature?.kind === 'token') places['signature.equals'] = signature.equals
  if (signature?.kind === 'basic') places['signature.password'] = signature.password
  return places
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(textsIn)
}
