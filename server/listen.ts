import type { FastifyInstance } from 'fastify'
import { systemCode } from './kit/system-code.ts'

/** Lets the server listen; its URL on this machine. Throws with a sentence for the operator when it cannot. */
export async function listen(server: FastifyInstance, { host, port }: { host: string; port: number }): Promise<string> {
  try {
    await server.listen({ host, port })
  } catch (error) {
    const sentence = SENTENCES[systemCode(error) ?? '']
    throw sentence ? new Error(sentence({ host, port }), { cause: error }) : error
  }
  const address = server.server.address()
  return `http://${hostInUrl(host)}:${typeof address === 'object' && address ? address.port : port}`
}

const noSuchHost = ({ host }: { host: string }) =>
  `This machine has no address ${host}: set HEDDLE_HOST to one of its own.`

const SENTENCES: Record<string, (at: { host: string; port: number }) => string> = {
  EADDRINUSE: ({ host, port }) =>
    `The port ${port} of ${host} is taken: end what listens there, or set HEDDLE_PORT to another.`,
  EACCES: ({ port }) => `Heddle may not listen on port ${port}: set HEDDLE_PORT to one above 1023.`,
  EADDRNOTAVAIL: noSuchHost,
  ENOTFOUND: noSuchHost,
}

function hostInUrl(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}
