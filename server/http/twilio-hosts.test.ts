import type { FastifyRequest } from 'fastify'
import { describe, expect, it } from 'vitest'
import { originOf, pathByHost } from './twilio-hosts.ts'

describe('a request by its host', () => {
  it.each([
    ['conversations.twilio.com', '/v1/Conversations', '/conversations/v1/Conversations'],
    ['messaging.twilio.com:443', '/v1/Services?PageSize=5', '/messaging/v1/Services?PageSize=5'],
    ['proxy.dublin.ie1.twilio.com', '/v1/Services', '/proxy/v1/Services'],
    ['Messaging.heddle.example', '/v1/Services', '/messaging/v1/Services'],
    ['api.twilio.com', '/2010-04-01/Accounts.json', '/2010-04-01/Accounts.json'],
    ['heddle.example', '/v1/Services', '/v1/Services'],
    ['messaging.heddle.example', '/v1/opt-outs', '/v1/opt-outs'],
    ['messaging.heddle.example', '/', '/'],
    ['messaging.heddle.example', '/messaging/v1/Services', '/messaging/v1/Services'],
  ])('to %s for %s is served by %s', (host, url, served) => {
    expect(pathByHost(host, url)).toBe(served)
  })

  it('without a host is served as it is', () => {
    expect(pathByHost(undefined, '/v1/Services')).toBe('/v1/Services')
  })
})

describe('the URLs in an answer', () => {
  const of = (host: string, publicUrl: string | null, protocol = 'http') =>
    originOf({ host, protocol } as FastifyRequest, publicUrl)

  it('lead back the way that the request came', () => {
    expect(of('127.0.0.1:8080', null)).toBe('http://127.0.0.1:8080')
    expect(of('heddle.internal', 'https://heddle.example')).toBe('https://heddle.example')
    expect(of('messaging.twilio.com', 'https://heddle.example')).toBe('https://messaging.twilio.com')
    expect(of('messaging.heddle.example', 'https://heddle.example', 'https')).toBe('https://messaging.heddle.example')
  })
})
