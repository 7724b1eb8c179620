import { expect, test } from 'vitest'
import { ConfigError, readConfig } from './config.ts'

const proxies = (HEDDLE_TRUST_PROXY: string) => readConfig({ HEDDLE_TRUST_PROXY }).trustProxy

test.each([
  ['', false],
  ['*', true],
  ['10.0.0.1', ['10.0.0.1']],
  ['10.0.0.0/8, ::1,fc00::/7 ,loopback', ['10.0.0.0/8', '::1', 'fc00::/7', 'loopback']],
])('the proxies %s may be trusted', (setting, trusted) => {
  expect(proxies(setting)).toEqual(trusted)
})

test.each(['proxy1', '10.0.0.1,', '10.0.0.0/33', '10.0.0.0/0', '10.0.0.0/8/8', '10.0.0.0/', '127.1', '*,10.0.0.1'])(
  'the proxies %s are refused by name',
  setting => {
    expect(() => proxies(setting)).toThrow(ConfigError)
    expect(() => proxies(setting)).toThrow(/^HEDDLE_TRUST_PROXY must be /)
  },
)
