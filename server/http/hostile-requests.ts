import type { FastifyReply, FastifyRequest } from 'fastify'

/** The URL with U+0000 replaced as `cleanText` does it: nothing that the database holds can be named by one. */
export function withoutNul(url: string): string {
  return url.includes('%00') ? url.replaceAll('%00', '%EF%BF%BD') : url
}

/** The URL with a path that can be decoded: of one that cannot, percent signs mean themselves, and dialects say that it is not there. */
export function withDecodablePath(url: string): string {
  const path = url.split('?', 1)[0] ?? ''
  try {
    decodeURIComponent(path)
    return url
  } catch {
    return path.replaceAll('%', '%25') + url.slice(path.length)
  }
}

/** Refuses 400 for a number too large to be one: schemas let `1e999` pass as an integer, whatever their bounds. */
export function refuseInfinity(
  { query, params, body }: FastifyRequest,
  _reply: FastifyReply,
  done: (error?: Error) => void,
): void {
  const name = infinityIn(query) ?? infinityIn(params) ?? infinityIn(body)
  if (name === null) done()
  else done(Object.assign(new Error(`${name} is too large a number`), { statusCode: 400, code: 'number_too_large' }))
}

/** The name of the first field that holds such a number. */
function infinityIn(values: unknown): string | null {
  if (typeof values !== 'object' || values === null || Buffer.isBuffer(values)) return null
  for (const name in values) {
    const value = (values as Record<string, unknown>)[name]
    if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) return name
  }
  return null
}
