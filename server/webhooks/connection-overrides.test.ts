import { expect, it } from 'vitest'
import { DEFAULT_CONNECTION, readOverrides } from './connection-overrides.ts'

it('a URL without overrides has the defaults', () => {
  expect(readOverrides('')).toEqual({ settings: DEFAULT_CONNECTION, problems: [] })
})

it('every setting can be overridden', () => {
  expect(readOverrides('ct=100&rt=200&tt=300&rc=5&rp=5xx,rt&sni=n&e=dublin,ashburn')).toEqual({
    settings: {
      connectTimeoutMs: 100,
      readTimeoutMs: 200,
      totalMs: 300,
      retries: 5,
      retryOn: new Set(['5xx', 'rt']),
      sendServerName: false,
    },
    problems: [],
  })
})

it('retrying on all means on every reason', () => {
  expect(readOverrides('rp=all').settings.retryOn).toEqual(new Set(['4xx', '5xx', 'ct', 'rt']))
})

it.each(['ct=99', 'ct=10001', 'rt=0', 'tt=15001', 'rc=6', 'rc=-1', 'rc=two', 'rc=', 'rp=3xx', 'rp=', 'sni=yes', 'x=1'])(
  'the override %s is told as a problem and leaves the default',
  fragment => {
    const { settings, problems } = readOverrides(fragment)
    expect(settings).toEqual(DEFAULT_CONNECTION)
    expect(problems).toMatchObject([{ code: 11240 }])
  },
)

it('an override that is not valid leaves the others', () => {
  const { settings, problems } = readOverrides('rc=9&ct=250')
  expect(settings).toMatchObject({ connectTimeoutMs: 250, retries: 1 })
  expect(problems).toHaveLength(1)
})

it('a fragment that was an anchor on a page changes nothing', () => {
  expect(readOverrides('top').settings).toEqual(DEFAULT_CONNECTION)
})
