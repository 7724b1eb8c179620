import { describe, expect, it } from 'vitest'
import { classifyIp, isMetadataName } from './http-client-address.ts'

describe('the class of an address', () => {
  it.each([
    '8.8.8.8',
    '93.184.216.34',
    '172.32.0.1',
    '100.128.0.1',
    '2606:4700:4700::1111',
    '::ffff:8.8.8.8',
    '64:ff9b::8.8.8.8',
    '2002:808:808::1',
  ])('%s is public', address => {
    expect(classifyIp(address)).toBe('public')
  })

  it.each([
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '100.64.0.1',
    '127.0.0.1',
    '127.8.9.10',
    '169.254.1.1',
    '172.16.0.1',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:0:10.0.0.1',
    '::127.0.0.1',
    '::808:808',
    '64:ff9b::10.0.0.1',
    '64:ff9b:1::8.8.8.8',
    '2002:a00:1::1',
    '2001::1',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    '2001:db8::1',
    'not an address',
    '',
  ])('%s is private', address => {
    expect(classifyIp(address)).toBe('private')
  })

  it.each([
    '169.254.169.254',
    '169.254.170.2',
    '100.100.100.200',
    '168.63.129.16',
    'fd00:ec2::254',
    'fd00:0ec2:0:0:0:0:0:254',
    'fe80::a9fe:a9fe%eth0',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '::169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::a9fe:a9fe',
    '2002:a9fe:a9fe::1',
    '2002:a83f:8110::',
    '2001::5601:5601',
  ])('%s is a metadata service', address => {
    expect(classifyIp(address)).toBe('metadata')
  })
})

it('knows the names of metadata services in any case and with a final dot', () => {
  expect(isMetadataName('metadata.google.internal')).toBe(true)
  expect(isMetadataName('Metadata.Google.Internal.')).toBe(true)
  expect(isMetadataName('example.com')).toBe(false)
  const startedAt = performance.now()
  expect(isMetadataName(`${'.'.repeat(100_000)}x`)).toBe(false)
  expect(performance.now() - startedAt).toBeLessThan(2000)
})
