import { expect, test } from 'vitest'
import { openLog } from './log.ts'

function openCaught(options: Parameters<typeof openLog>[0]) {
  const lines: string[] = []
  const log = openLog({ ...options, destination: { write: line => lines.push(line) } })
  return { log, lines }
}

test('a line is one JSON object with the level by name and the time in UTC', () => {
  const { log, lines } = openCaught({ level: 'info' })
  log.info({ act: 'receive-sms', ms: 4 }, 'received')
  expect(lines).toHaveLength(1)
  expect(JSON.parse(lines[0]!)).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    act: 'receive-sms',
    ms: 4,
    msg: 'received',
  })
})

test('lines below the level are not written', () => {
  const { log, lines } = openCaught({ level: 'warn' })
  log.info('quiet')
  log.warn('loud')
  expect(lines.map(line => JSON.parse(line).msg)).toEqual(['loud'])
})

test('silent writes nothing', () => {
  const { log, lines } = openCaught({ level: 'silent' })
  log.error('unheard')
  expect(lines).toEqual([])
})

test('an error keeps its message and stack', () => {
  const { log, lines } = openCaught({ level: 'info' })
  log.error({ err: new Error('broken link') }, 'failed')
  expect(JSON.parse(lines[0]!).err).toMatchObject({
    message: 'broken link',
    stack: expect.stringContaining('log.test'),
  })
})

test('a pretty line shows the time, level, words and fields', () => {
  const { log, lines } = openCaught({ level: 'info', pretty: true })
  log.info({ act: 'receive-sms', sms: { index: 1 } }, 'received')
  expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d info {2}received act=receive-sms sms=\{"index":1\}\n$/)
})

test('a pretty line is followed by the stack of its error', () => {
  const { log, lines } = openCaught({ level: 'info', pretty: true })
  log.error({ err: new Error('broken link') }, 'failed')
  expect(lines[0]).toMatch(/ error failed\nError: broken link\n {4}at /)
})

test('an error of the database is shown without the rows that it quotes', () => {
  const { log, lines } = openCaught({ level: 'info' })
  const detail = 'Failing row contains (+15557770001, my secret).'
  log.error({ err: Object.assign(new Error('not null'), { code: '23502', detail, where: detail }) }, 'failed')
  expect(lines[0]).toContain('23502')
  expect(lines[0]).not.toContain('secret')
})
