import { existsSync } from 'node:fs'
import { copyFile, mkdtemp, rename, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runHeddle } from '../support/command-line.ts'
import { type HeddleProcess, newHeddleProcess } from '../support/heddle-process.ts'
import { ACCOUNT_SID, AUTH_TOKEN, seedOf } from '../support/test-house.ts'

const NUMBER = '+15550001000'
const OWN = `${ACCOUNT_SID}:${AUTH_TOKEN}`

let heddle: HeddleProcess
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heddle command '))
  heddle = await newHeddleProcess(seedOf([{ number: NUMBER }]))
  await heddle.start()
})

afterAll(async () => {
  await heddle?.remove()
  await rm(folder, { recursive: true, force: true })
})

const run = (...args: string[]) => runHeddle(heddle.dataDir, args)

async function well(...args: string[]): Promise<string> {
  const { code, output, errors } = await run(...args)
  expect([code, errors], args.join(' ')).toEqual([0, ''])
  return output
}

async function ask(credentials: string, path: string, form?: Record<string, string>) {
  const response = await fetch(heddle.url + path, {
    headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
    ...(form && { method: 'POST', body: new URLSearchParams(form) }),
  })
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  const body: any = await response.json()
  return { status: response.status, body }
}

/** How an account may use the API, its memory of a second let go by. */
const statusOf = (credentials: string) => ask(credentials, '/v1/numbers').then(({ status }) => status)
const follows = (credentials: string, status: number) => expect.poll(() => statusOf(credentials)).toBe(status)

async function makeAccount(name: string): Promise<string> {
  const made = await well('account', 'create', name)
  return `${/AC\w{32}/.exec(made)?.[0]}:${/Token +(\S+)/.exec(made)?.[1]}`
}

async function makeChild(parent: string, name: string): Promise<string> {
  const { status, body } = await ask(parent, '/2010-04-01/Accounts.json', { FriendlyName: name })
  expect(status).toBe(201)
  return `${body.sid}:${body.auth_token}`
}

describe('heddle start', () => {
  let dataDir: string
  const port = () => new URL(heddle.url).port
  const notStarted = (settings: Record<string, string>) =>
    runHeddle(dataDir, ['start'], { HEDDLE_PORT: '0', HEDDLE_LOG: 'warn', ...settings })

  beforeAll(() => {
    dataDir = join(folder, 'not started')
  })

  const faults: { fault: string; settings(): Record<string, string>; sentence(): string }[] = [
    {
      fault: 'a port that is taken',
      settings: () => ({ HEDDLE_PORT: port() }),
      sentence: () =>
        `The port ${port()} of 127.0.0.1 is taken: end what listens there, or set HEDDLE_PORT to another.`,
    },
    {
      fault: 'an address of another machine',
      settings: () => ({ HEDDLE_HOST: '192.0.2.1' }),
      sentence: () => 'This machine has no address 192.0.2.1: set HEDDLE_HOST to one of its own.',
    },
    {
      fault: 'a seed that is not there',
      settings: () => ({ HEDDLE_SEED: join(folder, 'none.yaml') }),
      sentence: () => `HEDDLE_SEED names a file that is not there: ${join(folder, 'none.yaml')}.`,
    },
    {
      fault: 'a database that is not there',
      settings: () => ({ DATABASE_URL: 'postgres://me:secret@127.0.0.1:1/heddle', HEDDLE_SECRET_KEY: 'x' }),
      sentence: () => 'The database that DATABASE_URL names cannot be used: connect ECONNREFUSED 127.0.0.1:1.',
    },
    {
      fault: 'a proxy that is no address',
      settings: () => ({ HEDDLE_TRUST_PROXY: '10.0.0.0/8,proxy1' }),
      sentence: () => 'HEDDLE_TRUST_PROXY must be *, or addresses such as 10.0.0.1 and 10.0.0.0/8, not proxy1.',
    },
  ]

  test.each(faults)('with $fault ends with one sentence and leaves the folder', async ({ settings, sentence }) => {
    expect(await notStarted(settings())).toEqual({ code: 1, output: '', errors: `${sentence()}\n` })
    expect(existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false)
  })
})

describe('the key of the secrets', () => {
  const settings = { HEDDLE_PORT: '0', HEDDLE_LOG: 'warn' }
  const start = (more: Record<string, string> = {}) => runHeddle(heddle.dataDir, ['start'], { ...settings, ...more })
  const key = () => join(heddle.dataDir, 'secret.key')
  const OTHER = 'The secrets in this database were sealed with another key: '

  test('is made for a database that holds none', async () => {
    const empty = join(folder, 'empty')
    expect(await runHeddle(empty, ['db', 'migrate'])).toMatchObject({ code: 0 })
    expect(existsSync(join(empty, 'secret.key'))).toBe(false)
    expect(await runHeddle(empty, ['account', 'create', 'First'])).toMatchObject({ code: 0, errors: '' })
    expect(existsSync(join(empty, 'secret.key'))).toBe(true)
  })

  test('is not made anew when it was lost, and is not taken for another', async () => {
    const kept = join(folder, 'the key')
    const lost = `${OTHER}put its secret.key into ${heddle.dataDir} or set HEDDLE_SECRET_KEY.\n`
    await heddle.end('SIGTERM')
    await rename(key(), kept)
    expect(await start()).toEqual({ code: 1, output: '', errors: lost })
    expect(await run('account', 'create', 'Lost')).toEqual({ code: 1, output: '', errors: lost })
    expect(existsSync(key())).toBe(false)
    await writeFile(key(), '')
    expect(await start()).toEqual({ code: 1, output: '', errors: lost })
    const errors = `${OTHER}set HEDDLE_SECRET_KEY to that one.\n`
    expect(await start({ HEDDLE_SECRET_KEY: 'another' })).toEqual({ code: 1, output: '', errors })
    await rename(kept, key())
    await heddle.start()
    expect(await statusOf(OWN)).toBe(200)
  })
})

describe('heddle account', () => {
  test('makes accounts, which may be used at once, and lists them', async () => {
    const second = await makeAccount('Second')
    await follows(second, 200)
    const listed = await well('account', 'list')
    expect(listed.trim().split('\n')).toEqual([
      `${ACCOUNT_SID}  active     Test`,
      `${second.split(':')[0]}  active     Second`,
    ])
  })

  test('suspends an account with its subaccounts, and reopens those that were suspended with it', async () => {
    const parent = await makeAccount('Parent')
    const child = await makeChild(parent, 'Child')
    const naughty = await makeChild(parent, 'Naughty')
    const [parentSid = '', childSid = '', naughtySid = ''] = [parent, child, naughty].map(each => each.split(':')[0])
    await ask(parent, `/2010-04-01/Accounts/${naughtySid}.json`, { Status: 'suspended' })

    await well('account', 'suspend', parentSid)
    await follows(parent, 401)
    await follows(child, 401)
    expect((await ask(child, `/2010-04-01/Accounts/${childSid}.json`)).body.code).toBe(20005)
    const refused = await run('account', 'reopen', childSid)
    expect([refused.code, refused.errors]).toEqual([
      1,
      `The account ${childSid} follows its parent, which is suspended.\n`,
    ])
    expect(await statusOf(OWN)).toBe(200)

    await well('account', 'reopen', parentSid)
    await follows(parent, 200)
    await follows(child, 200)
    expect(await statusOf(naughty)).toBe(401)
    await well('account', 'reopen', naughtySid)
    await follows(naughty, 200)
  })

  test('says so when there is no such account', async () => {
    const { code, errors } = await run('account', 'suspend', 'AC00000000000000000000000000000099')
    expect([code, errors]).toEqual([1, 'There is no account AC00000000000000000000000000000099.\n'])
  })
})

describe('heddle db', () => {
  test('tells the level, and that nothing is to be migrated', async () => {
    const status = await well('db', 'status')
    expect(status).toMatch(/^The database is at level (\d+); this program needs level \1\.\n$/)
    expect(await well('db', 'migrate')).toBe(status)
  })

  test('says in a sentence what it lacks, and leaves no file that is no dump', async () => {
    const none = join(folder, 'none')
    const fails = async (...args: string[]) => {
      const { code, output, errors } = await runHeddle(none, args)
      expect([code, output]).toEqual([1, ''])
      return errors
    }
    const file = join(folder, 'none.gz')
    expect(await fails('account', 'list')).toMatch(
      /^The database is at level 0 and this program needs level \d+: start/,
    )
    expect(await fails('db', 'dump', file)).toBe('The database has not been migrated: there is nothing to dump.\n')
    expect(existsSync(file)).toBe(false)
    const nowhere = join(folder, 'nowhere', 'a.gz')
    expect((await run('db', 'dump', nowhere)).errors).toBe(`The file ${nowhere} can't be written (ENOENT).\n`)
  })

  test('says in a sentence which file cannot be restored', async () => {
    const empty = join(folder, 'for restores')
    const restore = async (file: string) => {
      const { code, errors } = await runHeddle(empty, ['db', 'restore', file])
      return [code, errors]
    }
    const [gone, plain, short] = [join(folder, 'gone.gz'), join(folder, 'plain'), join(folder, 'short.gz')]
    await writeFile(plain, 'heddle-dump {}\n')
    await well('db', 'dump', short)
    await truncate(short, (await stat(short)).size - 100)
    expect(await restore(gone)).toEqual([1, `There is no file ${gone}.\n`])
    expect(existsSync(empty)).toBe(false)
    expect(await restore(folder)).toEqual([1, `The file ${folder} can't be read (EISDIR).\n`])
    expect(await restore(plain)).toEqual([1, `The file ${plain} is no whole .gz file (incorrect header check).\n`])
    expect(await restore(short)).toEqual([1, `The file ${short} is no whole .gz file (unexpected end of file).\n`])
  })

  test('dumps a running server, and restores it into a new folder, where it goes on', { timeout: 60_000 }, async () => {
    const file = join(folder, 'a dump.gz')
    expect(await well('db', 'dump', file)).toContain(`keep that too.`)
    expect(await run('db', 'dump', file)).toMatchObject({
      errors: `There is a file ${file} already: name a new one.\n`,
    })
    const restored = await newHeddleProcess(seedOf([{ number: NUMBER }]))
    try {
      const without = await runHeddle(restored.dataDir, ['db', 'restore', file])
      expect(without.code).toBe(1)
      expect(without.errors).toContain('sealed with another key')
      await copyFile(join(heddle.dataDir, 'secret.key'), join(restored.dataDir, 'secret.key'))
      await restored.start()
      const response = await fetch(`${restored.url}/v1/numbers`, {
        headers: { authorization: `Basic ${Buffer.from(OWN).toString('base64')}` },
      })
      expect(await response.json()).toMatchObject({ records: [{ number: NUMBER }] })
      const again = await runHeddle(restored.dataDir, ['db', 'restore', file])
      expect(again.code).toBe(1)
    } finally {
      await restored.remove()
    }
  })
})
