import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import Fastify from 'fastify'
import { parse } from 'yaml'
import type { Carrier } from '../../server/carriers/carrier.ts'
import { openHttpGateway } from '../../server/carriers/http-gateway/http-gateway.ts'
import { mountCarrier } from '../../server/carriers/mount-carrier.ts'
import { carrierPath } from '../../server/domain/carrier-path.ts'
import { parseCarrier, type WrittenCarrier } from '../../server/domain/carrier-record.ts'
import { movableClock } from '../../server/domain/clock.ts'
import { parseSeed, type Seed } from '../../server/domain/seed.ts'
import { createHttpClient } from '../../server/kit/http-client.ts'
import { memoryOfCarrier } from './memory-carrier.ts'
import { type MemoryLedger, memoryLedger } from './memory-ledger.ts'
import { listeningHouse } from './simulated-network.ts'

/** A request as the gateway saw it. */
export interface GatewayCall {
  method: string
  path: string
  query: Record<string, string>
  headers: IncomingMessage['headers']
  body: string
}

export interface GatewayAnswer {
  status: number
  body?: unknown
  headers?: Record<string, string>
  /** Never answers; the connection stays. */
  isSilent?: boolean
  /** Ends the connection instead. */
  isCut?: boolean
  afterMs?: number
}

export interface FakeGateway {
  url: string
  calls: GatewayCall[]
  /** The most calls that it had to answer at a time. */
  mostAtOnce: number
  /** What it answers; a test sets it. Files that phones sent are answered from `files`. */
  answer(call: GatewayCall): GatewayAnswer | Promise<GatewayAnswer>
  files: Map<string, { contentType: string; bytes: Buffer; authorization?: string }>
  close(): Promise<void>
}

/** A gateway on loopback that answers as it is told. */
export async function openFakeGateway(): Promise<FakeGateway> {
  let underWay = 0
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://gateway')
    const file = gateway.files.get(url.pathname)
    if (file) {
      const mayHave = !file.authorization || request.headers.authorization === file.authorization
      response.writeHead(mayHave ? 200 : 401, { 'content-type': file.contentType }).end(mayHave ? file.bytes : '')
      return
    }
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const call: GatewayCall = {
      method: request.method ?? '',
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    }
    gateway.calls.push(call)
    underWay++
    gateway.mostAtOnce = Math.max(gateway.mostAtOnce, underWay)
    const { status, body = '', headers = {}, isSilent, isCut, afterMs } = await gateway.answer(call)
    if (afterMs) await new Promise(resolve => setTimeout(resolve, afterMs))
    underWay--
    if (isCut) request.socket.destroy()
    if (isCut || isSilent) return
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const gateway: FakeGateway = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: [],
    mostAtOnce: 0,
    answer: () => ({ status: 200 }),
    files: new Map(),
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
  return gateway
}

/** A configuration of the docs, its addresses turned to the gateway of the test. */
export async function readExampleSeed(name: string, url: string): Promise<Seed> {
  const text = await readFile(new URL(`../../docs/carriers/${name}.yaml`, import.meta.url), 'utf8')
  return parseSeed(parse(text.replaceAll(/https:\/\/[a-z0-9.-]+\.[a-z]+/g, url)))
}

/** What it tells of its carrier. */
export async function readExample(name: string, url: string): Promise<WrittenCarrier & Record<string, unknown>> {
  return (await readExampleSeed(name, url)).accounts[0]!.carriers![0]!
}

export interface OpenGateway {
  carrier: Carrier
  house: ReturnType<typeof listeningHouse>
  ledger: MemoryLedger
  notices: string[]
  /** Where the gateway calls. */
  callbackUrl: string
  close(): Promise<void>
}

/** The carrier of a gateway, its endpoints on a port of their own, before a house that listens. */
export async function openGatewayCarrier(written: WrittenCarrier & Record<string, unknown>): Promise<OpenGateway> {
  const draft = parseCarrier(written)
  if (draft.kind !== 'http') throw new Error('It is no HTTP gateway.')
  const path = carrierPath('AC00000000000000000000000000000001', randomUUID())
  const house = listeningHouse()
  const ledger = memoryLedger(house)
  const notices: string[] = []
  const client = createHttpClient()
  let callbackUrl = ''
  const carrier = openHttpGateway({
    id: 'gateway',
    ...draft,
    doors: house,
    memory: memoryOfCarrier(),
    ledger,
    clock: movableClock(() => 0),
    client,
    callbackUrl: () => callbackUrl,
    ids: randomUUID,
    onError() {},
    onNotice: message => notices.push(message),
  })
  const app = Fastify({ forceCloseConnections: true })
  mountCarrier(app, carrier, path)
  callbackUrl = (await app.listen({ host: '127.0.0.1', port: 0 })) + path
  return {
    carrier,
    house,
    ledger,
    notices,
    callbackUrl,
    async close() {
      await carrier.stop()
      await app.close()
      await client.close()
    },
  }
}
