import type { FastifyRequest } from 'fastify'

/** The URL with U+0000 replaced as `cleanText` does it: nothing that the database holds can be named by one. */
export function withoutNul(url: string): string {
  return url.includes('%00') ? url.replaceAll('%00', '%EF%BF%BD') : url
}

/** Refuses 400 for a number too large to be one: schemas let `1e999` pass as an integer, whatever their bounds. */
export async function refuseInfinity({ query, params, body }: FastifyRequest): Promise<void> {
  for (const values of [query, params, body]) {
    if (typeof values !== 'object' || values === null || Buffer.isBuffer(values)) continue
    for (const [name, value] of Object.entries(values)) {
      if (value !== Number.POSITIVE_INFINITY && value !== Number.NEGATIVE_INFINITY) continue
      throw Object.assign(new Error(`${name} is too large a number`), { statusCode: 400, code: 'number_too_large' })
    }
  }
}
