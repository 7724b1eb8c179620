import { EventEmitter, once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, describe, expect, test } from 'vitest'
import { POSTGRES_15 } from '../../../test/support/postgres.ts'
import { type EmbeddedConnection, type EmbeddedServer, startEmbedded } from './embedded.ts'
import { StartRefused } from './start-refused.ts'

const UNIX_SOCKET_LIMIT_BYTES = 103
const folders: string[] = []
const servers: EmbeddedServer[] = []

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

describe('a first start', () => {
  test('makes a UTF-8 database with checksums, durable, and on a private socket only', async () => {
    const { connection } = await start(join(newFolder(), 'a folder with spaces', "and 'quotes'"))
    const settings = await show(connection, [
      'server_encoding',
      'data_checksums',
      'fsync',
      'synchronous_commit',
      'full_page_writes',
      'listen_addresses',
      'jit',
    ])
    expect(settings).toEqual(['UTF8', 'on', 'on', 'on', 'on', '', 'off'])
    expect(await query(connection, 'select datcollate from pg_database where datname = current_database()')).toEqual([
      { datcollate: 'C' },
    ])
    expect(statSync(connection.host).mode & 0o777).toBe(0o700)
    expect(`${connection.host}/.s.PGSQL.${connection.port}`.length).toBeLessThan(UNIX_SOCKET_LIMIT_BYTES)
  })

  test('is not hindered by what an interrupted one left', async () => {
    const dataDir = newFolder()
    mkdirSync(join(dataDir, 'postgres.unfinished-abc123/base'), { recursive: true })
    writeFileSync(join(dataDir, 'postgres.unfinished-abc123/PG_VERSION'), '18\n')
    await start(dataDir)
    expect(existsSync(join(dataDir, 'postgres.unfinished-abc123'))).toBe(false)
  })

  test('works with PostgreSQL 15, the oldest we support', async ({ skip }) => {
    skip(!existsSync(POSTGRES_15), 'skipped: no PostgreSQL 15 for this platform')
    const server = await startEmbedded({ dataDir: newFolder(), log: () => {}, binaries: POSTGRES_15 })
    servers.push(server)
    expect(await show(server.connection, ['server_version', 'data_checksums'])).toEqual([
      expect.stringMatching(/^15\./),
      'on',
    ])
  })
})

test('a second start finds what was written before the first one stopped', async () => {
  const dataDir = newFolder()
  const first = await start(dataDir)
  await query(first.connection, `create table kept as select 'kept' as word`)
  await first.stop()
  expect(existsSync(first.connection.host)).toBe(false)
  const second = await start(dataDir)
  expect(await query(second.connection, 'select word from kept')).toEqual([{ word: 'kept' }])
})

describe('while it runs', () => {
  test('a server that is killed is restarted on the same socket, with every committed row', async () => {
    const deaths: string[] = []
    const log: string[] = []
    const events = new EventEmitter()
    const back = once(events, 'back')
    const server = await startEmbedded({
      dataDir: newFolder(),
      log: line => {
        log.push(line)
        if (line === 'the database is back') events.emit('back')
      },
      onDeath: reason => deaths.push(reason),
    })
    servers.push(server)
    const firstPid = server.pid()
    await query(server.connection, `create table kept as select 'kept' as word`)
    kill(firstPid)
    await back
    expect(await query(server.connection, 'select word from kept')).toEqual([{ word: 'kept' }])
    expect(deaths).toEqual(['killed by SIGKILL'])
    expect(log).toContain('the database died (killed by SIGKILL); restarting it')
    expect(server.pid()).not.toBe(firstPid)
  })

  test('stopping right after a death leaves no server and no socket', async () => {
    const events = new EventEmitter()
    const died = once(events, 'died')
    const server = await startEmbedded({ dataDir: newFolder(), log: () => {}, onDeath: () => events.emit('died') })
    kill(server.pid())
    await died
    await server.stop()
    expect(server.pid()).toBeUndefined()
    expect(existsSync(server.connection.host)).toBe(false)
  })

  test('stopping does not wait for a client that is busy, and may be repeated', async () => {
    const { connection, stop } = await start(newFolder())
    const client = new pg.Client(connection)
    client.on('error', () => {})
    await client.connect()
    const busy = expect(client.query('select pg_sleep(60)')).rejects.toThrow(/terminat/)
    const from = performance.now()
    await Promise.all([stop(), stop()])
    expect(performance.now() - from).toBeLessThan(8_000)
    await stop()
    await busy
  })

  test('failed statements are not logged: they carry message bodies', async () => {
    const log: string[] = []
    const server = await startEmbedded({ dataDir: newFolder(), log: line => log.push(line) })
    servers.push(server)
    await query(server.connection, 'create table texts (body text primary key)')
    await query(server.connection, `insert into texts values ('a secret')`)
    await expect(query(server.connection, `insert into texts values ('a secret')`)).rejects.toThrow('texts_pkey')
    await server.stop()
    expect(log.join('\n')).toContain('database system is shut down')
    expect(log.join('\n')).not.toContain('secret')
  })
})

describe('refuses in one sentence', () => {
  test('a second Heddle on the same folder', async () => {
    const dataDir = newFolder()
    await start(dataDir)
    await expectRefusal(dataDir, `Another Heddle (process ${process.pid}) is using the data folder ${dataDir}`)
  })

  test('a database of another major version, and leaves it as it was', async () => {
    const dataDir = newFolder()
    const { stop } = await start(dataDir)
    await stop()
    for (const major of ['19', '15']) {
      writeFileSync(join(dataDir, 'postgres/PG_VERSION'), `${major}\n`)
      await expectRefusal(dataDir, `was made by PostgreSQL ${major} and this Heddle brings PostgreSQL 18`)
    }
    writeFileSync(join(dataDir, 'postgres/PG_VERSION'), '18\n')
    await start(dataDir)
  })

  test('a folder that holds something else', async () => {
    const dataDir = newFolder()
    mkdirSync(join(dataDir, 'postgres'))
    writeFileSync(join(dataDir, 'postgres/thesis.txt'), 'precious')
    await expectRefusal(dataDir, 'holds files that are not a PostgreSQL database')
    expect(existsSync(join(dataDir, 'postgres/thesis.txt'))).toBe(true)
  })

  test('a data folder that cannot be made', async () => {
    const file = join(newFolder(), 'file')
    writeFileSync(file, '')
    await expectRefusal(join(file, 'data'), 'cannot be made (ENOTDIR)')
  })

  test('a database that PostgreSQL itself will not start, with its reason', async () => {
    const dataDir = newFolder()
    const { stop } = await start(dataDir)
    await stop()
    rmSync(join(dataDir, 'postgres/global/pg_control'))
    await expectRefusal(dataDir, 'could not find the database system')
  })
})

function newFolder(): string {
  const folder = mkdtempSync('/tmp/heddle-embedded-')
  folders.push(folder)
  return folder
}

async function start(dataDir: string): Promise<EmbeddedServer> {
  const server = await startEmbedded({ dataDir, log: () => {} })
  servers.push(server)
  return server
}

function kill(pid: number | undefined): void {
  if (pid === undefined) throw new Error('There is no server to kill.')
  process.kill(pid, 'SIGKILL')
}

async function expectRefusal(dataDir: string, sentence: string): Promise<void> {
  const refused = startEmbedded({ dataDir, log: () => {} })
  await expect(refused).rejects.toThrow(StartRefused)
  await expect(refused).rejects.toThrow(sentence)
}

async function query(connection: EmbeddedConnection, sql: string): Promise<object[]> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

async function show(connection: EmbeddedConnection, names: string[]): Promise<unknown[]> {
  const settings = names.map(name => `current_setting('${name}')`).join(', ')
  const [row] = await query(connection, `select json_build_array(${settings}) as settings`)
  return row && 'settings' in row && Array.isArray(row.settings) ? row.settings : []
}
