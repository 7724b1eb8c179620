import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AppProcess, hasProgram, startApp } from '../support/app-process.ts'
import { openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const APPS = join(ROOT, 'test/apps')
const SEEDS = join(ROOT, '../shared/seeds')
const OURS = '+15550001000'
const OTHER = '+15550001001'

interface App {
  name: string
  path: string
  /** Why it cannot be tried here; null when it can. */
  missing: string | null
  start(): Promise<AppProcess>
  /** What the app answers to the n-th text of a session. */
  reply(person: string, number: string, count: number): string
}

const apps: App[] = [
  {
    name: 'the PHP page of the quickstart',
    path: '/sms-conversation.php',
    missing: !hasProgram('php', '-v') ? 'no php' : !existsSync(SEEDS) ? 'no page' : null,
    start: () => {
      const folder = mkdtempSync(join(tmpdir(), 'heddle-php-'))
      writeFileSync(join(folder, 'sms-conversation.php'), pageOfTheQuickstart())
      const quiet = ['-d', 'display_errors=0', '-d', `session.save_path=${folder}`]
      return startApp('php', port => [...quiet, '-S', `127.0.0.1:${port}`, '-t', folder], folder)
    },
    reply: (_person, number, count) => `Monkey has messaged ${number} ${count} times`,
  },
  {
    name: 'an Express session',
    path: '/sms',
    missing: null,
    start: () => startApp(process.execPath, port => ['counter-express.cjs', String(port)], APPS),
    reply: (person, number, count) => `${person} has messaged ${number} ${count} times`,
  },
  {
    name: 'a Sinatra session',
    path: '/sms',
    missing: hasProgram('ruby', '-e', 'require "sinatra/base"; require "webrick"') ? null : 'no ruby-sinatra',
    start: () => startApp('ruby', port => ['counter-sinatra.rb', String(port)], APPS),
    reply: (person, number, count) => `${person} has messaged ${number} ${count} times`,
  },
]

/** The page as it was published, cut out of the quickstart. */
function pageOfTheQuickstart(): string {
  const file = readdirSync(SEEDS).find(name => name.startsWith('003_'))
  const text = readFileSync(join(SEEDS, file ?? ''), 'utf8')
  return text.slice(text.indexOf('<?php'), text.indexOf('</Response>') + '</Response>'.length)
}

describe.each(apps)('$name', app => {
  let process: AppProcess
  let house: TestHouse

  beforeAll(async () => {
    if (app.missing) return
    process = await app.start()
    const smsUrl = process.url + app.path
    house = await openTestHouse(
      seedOf([
        { number: OURS, smsUrl },
        { number: OTHER, smsUrl },
      ]),
    )
  })

  afterAll(async () => {
    await house?.close()
    await process?.stop()
  })

  async function replies(person: string, number = OURS): Promise<string[]> {
    await house.house.settled()
    const received = (await house.phone(person)).filter(text => text.direction === 'received' && text.from === number)
    return received.map(text => text.body)
  }

  test('counts the texts of each pair by itself', async ({ skip }) => {
    if (app.missing) skip(`skipped: ${app.missing}`)
    const person = '+15557770001'
    for (const body of ['one', 'two', 'three']) await house.text(person, OURS, body)
    await house.text('+15557770002', OURS, 'first')
    await house.text(person, OTHER, 'first here')
    expect(await replies(person)).toEqual([
      app.reply(person, OURS, 1),
      app.reply(person, OURS, 2),
      app.reply(person, OURS, 3),
    ])
    expect(await replies(person, OTHER)).toEqual([app.reply(person, OTHER, 1)])
    expect(await replies('+15557770002')).toEqual([app.reply('+15557770002', OURS, 1)])
  })

  test('goes on counting after 3 h 59 min and starts anew after 4 h 1 min more', async ({ skip }) => {
    if (app.missing) skip(`skipped: ${app.missing}`)
    const person = '+15557770003'
    await house.text(person, OURS, 'one')
    await replies(person)
    await house.advance('PT3H59M')
    await house.text(person, OURS, 'two')
    expect((await replies(person)).at(-1)).toBe(app.reply(person, OURS, 2))
    await house.advance('PT4H1M')
    await house.text(person, OURS, 'one again')
    expect((await replies(person)).at(-1)).toBe(app.reply(person, OURS, 1))
  })

  test('counts 20 texts that come faster than it answers in order', async ({ skip }) => {
    if (app.missing) skip(`skipped: ${app.missing}`)
    const person = '+15557770004'
    for (let at = 1; at <= 20; at++) await house.text(person, OURS, `text ${at}`)
    expect(await replies(person)).toEqual(Array.from({ length: 20 }, (_, at) => app.reply(person, OURS, at + 1)))
  })
})
