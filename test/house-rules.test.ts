import { describe, expect, test } from 'vitest'
import { checkHouse } from './house/check-house.ts'
import { readSource } from './house/source.ts'

/** One file that says the given lines. */
const check = (path: string, ...lines: string[]) => checkHouse([{ path, text: lines.join('\n') }])

describe('a forbidden door is told', () => {
  test.each([
    ['server/http/server.ts', '../store/sms.ts'],
    ['server/http/server.ts', '../delivery/delivery.ts'],
    ['server/http/server.ts', '../carriers/carrier.ts'],
    ['server/sockets/inbox.ts', '../store/lanes.ts'],
    ['server/sockets/inbox.ts', '../http/server.ts'],
    ['server/delivery/delivery.ts', '../store/sms.ts'],
    ['server/delivery/delivery.ts', '../carriers/smpp/smpp.ts'],
    ['server/webhooks/webhooks.ts', '../delivery/delivery.ts'],
    ['server/webhooks/webhooks.ts', '../store/calls.ts'],
    ['server/jobs/jobs.ts', '../store/read/calls.ts'],
    ['server/core/send-sms.ts', '../delivery/delivery.ts'],
    ['server/core/send-sms.ts', '../http/server.ts'],
    ['server/store/sms.ts', '../core/act.ts'],
    ['server/store/read/sms.ts', '../../core/act.ts'],
    ['server/carriers/smpp/smpp.ts', '../../store/sms.ts'],
    ['server/carriers/smpp/smpp.ts', '../../core/act.ts'],
    ['server/carriers/smpp/smpp.ts', '../simulator/network.ts'],
    ['server/http/ringcentral/routes.ts', '../twilio-proxy/resources.ts'],
    ['server/domain/pair.ts', '../store/sms.ts'],
    ['server/kit/log.ts', '../domain/pair.ts'],
    ['server/config.ts', './store/sms.ts'],
    ['server/core/send-sms.ts', '../config.ts'],
    ['server/core/send-sms.ts', '../../test/support/postgres.ts'],
    ['server/core/send-sms.ts', '../../bench/run.ts'],
    ['web/app.tsx', '../server/domain/pair.ts'],
  ])('from %s to %s', (path, specifier) => {
    expect(check(path, `import { x } from '${specifier}'`)).toEqual([expect.stringContaining('forbidden door')])
  })

  test.each([
    'import type { Pair } from "../core/act.ts"',
    'export { pair } from "../core/act.ts"',
    'export * from "../core/act.ts"',
    'import "../core/act.ts"',
    'const act = await import("../core/act.ts")',
    'type Act = import("../core/act.ts").Act',
    'import {\n  one,\n  two,\n} from "../core/act.ts"',
  ])('however it is written: %s', statement => {
    expect(check('server/domain/pair.ts', statement)).toEqual([
      expect.stringContaining('forbidden door to server/core/act.ts'),
    ])
  })
})

describe('an allowed door is not told', () => {
  test.each([
    ['server/main.ts', './store/sms.ts'],
    ['server/cli.ts', './main.ts'],
    ['server/http/server.ts', '../store/read/sms.ts'],
    ['server/http/ringcentral/routes.ts', '../credentials.ts'],
    ['server/http/server.ts', './ringcentral/routes.ts'],
    ['server/http/ringcentral/routes.ts', './resources/thread.ts'],
    ['server/sockets/inbox.ts', '../core/send-sms.ts'],
    ['server/delivery/delivery.ts', '../carriers/carrier.ts'],
    ['server/webhooks/webhooks.ts', '../store/read/calls.ts'],
    ['server/jobs/jobs.ts', '../core/close-thread.ts'],
    ['server/core/send-sms.ts', '../store/sms.ts'],
    ['server/core/send-sms.ts', '../store/read/sms.ts'],
    ['server/store/sms.ts', './read/sms.ts'],
    ['server/carriers/smpp/smpp.ts', '../carrier.ts'],
    ['server/carriers/smpp/smpp.ts', '../../domain/pair.ts'],
    ['server/domain/pair.ts', '../kit/seal.ts'],
    ['server/core/send-sms.ts', 'pg'],
    ['server/core/send-sms.test.ts', '../../test/support/postgres.ts'],
    ['bench/texts.ts', '../server/main.ts'],
  ])('from %s to %s', (path, specifier) => {
    expect(check(path, `import { x } from '${specifier}'`)).toEqual([])
  })

  test('what only looks like an import', () => {
    expect(
      check('server/domain/pair.ts', "// import { x } from '../core/act.ts'", "const from = ['../core/x.ts']"),
    ).toEqual([])
  })
})

describe('an import circle is told once', () => {
  const file = (name: string, ...imports: string[]) => ({
    path: `server/core/${name}.ts`,
    text: imports.map(target => `import type { X } from './${target}.ts'`).join('\n'),
  })

  test('of three files, by types alone', () => {
    expect(checkHouse([file('a', 'b'), file('b', 'c'), file('c', 'a')])).toEqual([
      'server/core/c.ts:1 circle: server/core/a.ts -> server/core/b.ts -> server/core/c.ts -> server/core/a.ts',
    ])
  })

  test('of a file with itself', () => {
    expect(checkHouse([file('a', 'a')])).toEqual([expect.stringContaining('circle')])
  })

  test('and two ways to one file are none', () => {
    expect(checkHouse([file('a', 'b', 'c'), file('b', 'd'), file('c', 'd'), file('d')])).toEqual([])
  })
})

describe('a banned line is told', () => {
  test.each([
    ['the environment', 'const port = process.env.PORT'],
    ['the environment', "const port = process['env'].PORT"],
    ['the environment', "import { env } from 'node:process'"],
    ['the environment', 'const { env } = process'],
    ['the environment', 'const where = `${process.env.PORT}`'],
    ['the clock', 'const at = Date.now()'],
    ['the clock', 'const at = new Date()'],
    ['the clock', 'const at = new Date( )'],
    ['the clock', 'const at = new Date'],
    ['the clock', 'const at = performance.now()'],
    ['the clock', 'const at = process.hrtime.bigint()'],
    ['no type is any', 'function act(x: any) {}'],
    ['no type is any', 'const rows = [] as any'],
    ['no type is any', 'const rows: any[] = []'],
    ['no type is any', 'const rows = new Map<string, any>()'],
    ['no type is any', 'interface Row {\n  body: any\n}'],
    ['runs alone', "test.only('x', act)"],
    ['runs alone', "describe.skip.only('x', act)"],
    ['left open', '// TODO: later'],
    ['left open', '/* FIXME */'],
    ['one machine', "const folder = '/home/ann/heddle'"],
    ['one machine', '// see /root/notes'],
    ['SQL', "await query('select id from sms where account_id = $1')"],
    ['SQL', 'await query(`\n  update threads\n  set state = $2`)'],
    ['SQL', "await query('insert into sms values ($1)')"],
    ['SQL', "await query('delete from sms')"],
    ['SQL', 'await query(`with due as (select 1) delete from due`)'],
    ['SQL', 'await query(`select ${columns} from sms`)'],
    ['SQL', "await query('select pg_notify($1)')"],
  ])('%s: %s', (message, line) => {
    expect(check('server/core/send-sms.ts', 'const first = 1', line)).toEqual([
      expect.stringMatching(new RegExp(`^server/core/send-sms.ts:\\d .*${message}`)),
    ])
  })

  test('with the line it stands in', () => {
    expect(check('server/core/send-sms.ts', '/*', ' * Sends.', ' */', 'const at = Date.now()')).toEqual([
      'server/core/send-sms.ts:4 the clock is read in server/domain/clock.ts only',
    ])
  })
})

describe('a line is not told', () => {
  test.each([
    ['server/config.ts', 'const port = process.env.PORT'],
    ['server/domain/clock.ts', 'const at = Date.now()'],
    ['server/core/send-sms.test.ts', 'const at = new Date()'],
    ['bench/texts.ts', 'const at = performance.now()'],
    ['server/store/sms.ts', "await query('select id from sms')"],
    ['server/core/send-sms.ts', 'const at = new Date(ms)'],
    ['server/core/send-sms.ts', '// Date.now() is read elsewhere, as is process.env'],
    ['server/core/send-sms.ts', "const hint = 'set process.env.PORT'"],
    ['server/core/send-sms.ts', 'const first = await Promise.any(all)'],
    ['server/core/send-sms.ts', "throw new Error('Select a number, then send')"],
    ['server/core/send-sms.ts', "throw new Error('update the pool')"],
    ['server/core/send-sms.ts', "const quote = /['`]/g, price = 4 / 2, rest = 'x'"],
    ['server/http/twilio-proxy/errors.ts', "const url = 'https://example.com/home/page'"],
  ])('in %s: %s', (path, line) => {
    expect(check(path, line)).toEqual([])
  })
})

describe('a name is told', () => {
  test.each([
    'server/core/sendSms.ts',
    'server/core/send_sms.ts',
    'server/core/SendSms.ts',
    'server/core/send-utils.ts',
    'server/core/test-helper.ts',
    'server/core/common.ts',
    'server/core/misc.ts',
    'server/core/types.ts',
    'server/core/lib/pair.ts',
    'server/core/thread-manager.ts',
    'server/core/sms-service.ts',
    'server/core/interfaces.ts',
  ])('%s', path => {
    expect(check(path)).toHaveLength(1)
  })

  test.each([
    'server/core/send-sms.ts',
    'server/core/send-sms.test.ts',
    'server/carriers/carrier.contract.ts',
    'server/store/dump/pg-copy-streams.d.ts',
    'server/http/twilio-messaging/services.ts',
    'web/vite.config.ts',
  ])('but not %s', path => {
    expect(check(path)).toEqual([])
  })
})

describe('a source file is read', () => {
  test('with code inside of templates as code, and all else blanked', () => {
    const { code, literals } = readSource({
      path: 'a.ts',
      text: "const x = `a ${fn('b', { c: `d` })} e` // f",
    })
    expect(code).toMatch(/^const x = ` +fn\(' ', \{ c: ` ` \}\) +` +$/)
    expect(literals.map(({ text }) => text)).toEqual(['b', 'd', 'a   e'])
  })

  test('with quotes in regular expressions and comments as no strings', () => {
    const { literals } = readSource({ path: 'a.ts', text: "const x = /[/'\"]/; /* don't */ const y = 8 / 2 // it's" })
    expect(literals).toEqual([])
  })

  test('with an unclosed quote ending at its line', () => {
    const { literals } = readSource({ path: 'a.tsx', text: "<p>don't</p>\n'next'" })
    expect(literals.map(({ text }) => text)).toContain('next')
  })
})
