import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '../../server/config.ts'
import type { Seed } from '../../server/domain/seed.ts'
import { openLog } from '../../server/kit/log.ts'
import { type House, openHouse } from '../../server/main.ts'
import { openTestDatabase } from './postgres.ts'

export const ACCOUNT_SID = 'AC00000000000000000000000000000001'
export const AUTH_TOKEN = '0123456789abcdef0123456789abcdef'

/** A text as a phone of the simulated network shows it. */
export interface PhoneText {
  direction: 'sent' | 'received'
  from: string
  to: string
  body: string
  mediaUrls: string[]
  at: string
  sid: string
}

export interface TestHouse {
  house: House
  url: string
  /** Makes a request as the account; answers the status and the parsed body. */
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  /** A phone texts one of our numbers; the text's SID. */
  text(from: string, to: string, body: string, more?: Record<string, unknown>): Promise<string>
  /** What a phone shows. */
  phone(number: string): Promise<PhoneText[]>
  /** Moves world time by an ISO 8601 duration. */
  advance(duration: string): Promise<void>
  /** Stops it and starts it anew on the same database; its URL changes. */
  restart(): Promise<void>
  close(): Promise<void>
}

export interface Answer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  body: any
  headers: Headers
}

/** A whole Heddle on a database of its own, with the simulated carrier, seeded as told. */
export async function openTestHouse(seed: Seed, env: Record<string, string> = {}): Promise<TestHouse> {
  const database = await openTestDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'heddle-house-'))
  const seedFile = join(folder, 'seed.json')
  await writeFile(seedFile, JSON.stringify(seed))
  const { connection } = database
  const host = encodeURIComponent(connection.host)
  const config = readConfig({
    HEDDLE_PORT: '0',
    HEDDLE_DATA: folder,
    HEDDLE_SIMULATOR: '1',
    HEDDLE_SECRET_KEY: 'a key for tests',
    HEDDLE_SEED: seedFile,
    HEDDLE_LOG: 'error',
    DATABASE_URL: `postgresql://${connection.user}@/${connection.database}?host=${host}&port=${connection.port}`,
    ...env,
  })
  const open = () => openHouse(config, openLog({ level: config.logLevel }))
  let house = await open()
  const authorization = `Basic ${Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString('base64')}`

  async function ask(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const isForm = body instanceof URLSearchParams
    const response = await fetch(house.url + path, {
      method,
      redirect: 'manual',
      headers: {
        authorization,
        ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isForm || typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json')
    return { status: response.status, body: isJson && text ? JSON.parse(text) : text, headers: response.headers }
  }

  return {
    get house() {
      return house
    },
    get url() {
      return house.url
    },
    ask,
    async text(from, to, body, more = {}) {
      const answer = await ask('POST', '/simulator/messages', { from, to, body, ...more })
      if (answer.status !== 201) throw new Error(`A text was refused: ${answer.status} ${JSON.stringify(answer.body)}`)
      return answer.body.sid
    },
    async phone(number) {
      const answer = await ask('GET', `/simulator/phones/${encodeURIComponent(number)}/messages`)
      return answer.body.records
    },
    async advance(duration) {
      const answer = await ask('POST', '/simulator/clock', { advance: duration })
      if (answer.status !== 200) throw new Error(`The clock did not move: ${JSON.stringify(answer.body)}`)
    },
    async restart() {
      await house.stop()
      house = await open()
    },
    async close() {
      await house.stop()
      await database.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The seed of one account with these numbers. */
export function seedOf(numbers: NonNullable<Seed['accounts'][number]['numbers']>): Seed {
  return { accounts: [{ sid: ACCOUNT_SID, authToken: AUTH_TOKEN, name: 'Test', numbers }] }
}
