import { isIP } from 'node:net'
import { resolve } from 'node:path'
import type { LogLevel } from './kit/log.ts'

/** Everything that can be set from outside, read once and checked. See the README for the meaning of each. */
export interface Config {
  readonly port: number
  readonly host: string
  /** Absolute. */
  readonly dataDir: string
  /** Null: the embedded server. */
  readonly databaseUrl: string | null
  readonly seedFile: string | null
  readonly publicUrl: string | null
  readonly secretKey: string | null
  readonly isSimulated: boolean
  readonly allowPrivateWebhooks: boolean
  /** Machine time that apps have to answer the webhooks of conversations. */
  readonly hookLimitMs: number
  /** What Fastify's trustProxy takes. */
  readonly trustProxy: string[] | boolean
  /** Requests a user may make in a minute through RingCentral's API, by group; null: as many as they like. */
  readonly ringcentralLimits: Record<RingCentralGroup, number> | null
  /** Changes a second may bring to conversations, by what they change; null: as many as programs like. */
  readonly conversationsLimits: Record<ConversationsGroup, number> | null
  /** Requests of an account that Twilio's dialects answer at a time; null: as many as come. */
  readonly twilioLimits: Record<'requests', number> | null
  readonly logLevel: LogLevel
  /** What who reads `/metrics` has to show; null: nothing. */
  readonly metricsToken: string | null
}

export type RingCentralGroup = 'light' | 'medium' | 'heavy' | 'auth'
export type ConversationsGroup = 'conversation' | 'service'

/** A setting that can't be used; the message is one sentence for the operator. */
export class ConfigError extends Error {}

/** Source: Twilio Conversations, webhooks: pre-action hooks have 5 s. */
const HOOK_LIMIT_MS = 5_000

const LOG_LEVELS: LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent']

/** Reads the environment. Throws `ConfigError` for the first setting that is wrong. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const databaseUrl = text(env, 'DATABASE_URL')
  const isSimulated = flag(env, 'HEDDLE_SIMULATOR') ?? databaseUrl === null
  const secretKey = text(env, 'HEDDLE_SECRET_KEY')
  if (databaseUrl && !/^postgres(ql)?:\/\//.test(databaseUrl)) {
    throw new ConfigError('DATABASE_URL must begin with postgres:// or postgresql://.')
  }
  if (databaseUrl && !secretKey) {
    throw new ConfigError(
      'HEDDLE_SECRET_KEY is required with DATABASE_URL: secrets in that database are kept under it.',
    )
  }
  return Object.freeze({
    port: port(env, 'HEDDLE_PORT', 8080),
    host: text(env, 'HEDDLE_HOST') ?? '127.0.0.1',
    dataDir: resolve(text(env, 'HEDDLE_DATA') ?? 'data'),
    databaseUrl,
    seedFile: text(env, 'HEDDLE_SEED'),
    publicUrl: url(env, 'HEDDLE_PUBLIC_URL'),
    secretKey,
    isSimulated,
    allowPrivateWebhooks: flag(env, 'HEDDLE_ALLOW_PRIVATE_WEBHOOKS') ?? isSimulated,
    hookLimitMs: milliseconds(env, 'HEDDLE_HOOK_LIMIT_MS', HOOK_LIMIT_MS),
    trustProxy: proxies(env, 'HEDDLE_TRUST_PROXY'),
    ringcentralLimits: limits(env, 'HEDDLE_RINGCENTRAL_LIMITS', RINGCENTRAL_LIMITS),
    conversationsLimits: limits(env, 'HEDDLE_CONVERSATIONS_LIMITS', CONVERSATIONS_LIMITS),
    twilioLimits: limits(env, 'HEDDLE_TWILIO_LIMITS', TWILIO_LIMITS),
    logLevel: oneOf(env, 'HEDDLE_LOG', LOG_LEVELS, 'info'),
    metricsToken: text(env, 'HEDDLE_METRICS_TOKEN'),
  })
}

function text(env: NodeJS.ProcessEnv, name: string): string | null {
  const value = env[name]?.trim()
  return value ? value : null
}

function flag(env: NodeJS.ProcessEnv, name: string): boolean | null {
  const value = text(env, name)?.toLowerCase()
  if (value === undefined) return null
  if (['1', 'true', 'yes', 'on'].includes(value)) return true
  if (['0', 'false', 'no', 'off'].includes(value)) return false
  throw new ConfigError(`${name} must be 1 or 0, not ${value}.`)
}

function port(env: NodeJS.ProcessEnv, name: string, otherwise: number): number {
  const value = text(env, name)
  if (value === null) return otherwise
  const number = Number(value)
  if (!Number.isInteger(number) || number < 0 || number > 65535) {
    throw new ConfigError(`${name} must be a port from 0 to 65535, not ${value}.`)
  }
  return number
}

function milliseconds(env: NodeJS.ProcessEnv, name: string, most: number): number {
  const value = text(env, name)
  if (value === null) return most
  const number = Number(value)
  if (!Number.isInteger(number) || number < 1 || number > most) {
    throw new ConfigError(`${name} must be a number of milliseconds from 1 to ${most}, not ${value}.`)
  }
  return number
}

function url(env: NodeJS.ProcessEnv, name: string): string | null {
  const value = text(env, name)
  if (value === null) return null
  if (!URL.canParse(value) || !/^https?:/.test(value)) {
    throw new ConfigError(`${name} must be an http or https URL, not ${value}.`)
  }
  return value.replace(/\/+$/, '')
}

function proxies(env: NodeJS.ProcessEnv, name: string): string[] | boolean {
  const value = text(env, name)
  if (value === null) return false
  if (value === '*') return true
  const addresses = value.split(',').map(each => each.trim())
  const wrong = addresses.find(each => !PROXY_NAMES.includes(each) && !isSubnet(each))
  if (wrong === undefined) return addresses
  throw new ConfigError(`${name} must be *, or addresses such as 10.0.0.1 and 10.0.0.0/8, not ${wrong || value}.`)
}

/** Networks that Fastify knows by name. */
const PROXY_NAMES = ['loopback', 'linklocal', 'uniquelocal']

/** Whether it is an address, or as many of them as share the first bits. */
function isSubnet(text: string): boolean {
  const [, address = '', bits = '1'] = /^([^/]+)(?:\/([0-9]{1,3}))?$/.exec(text) ?? []
  return isIP(address) !== 0 && Number(bits) >= 1 && Number(bits) <= (isIP(address) === 6 ? 128 : 32)
}

/** RingCentral's own, per minute. Source: RingCentral, "Rate limiting". */
const RINGCENTRAL_LIMITS: Record<RingCentralGroup, number> = { light: 50, medium: 40, heavy: 10, auth: 5 }
/** Twilio's own, per second. Source: Twilio, "Conversations limits". */
const CONVERSATIONS_LIMITS: Record<ConversationsGroup, number> = { conversation: 30, service: 30 }

/** Twilio's own at a time. Source: Twilio, "REST API: concurrency limits". */
const TWILIO_LIMITS = { requests: 100 }

/** `vendor`, or those that differ from the vendor's: `medium=400,auth=50`. */
function limits<Limits extends Record<string, number>>(
  env: NodeJS.ProcessEnv,
  name: string,
  vendor: Limits,
): Limits | null {
  const value = text(env, name)
  if (value === null) return null
  const chosen: Record<string, number> = { ...vendor }
  for (const part of value === 'vendor' ? [] : value.split(',')) {
    const [, group = '', limit] = /^ *([a-z]+) *= *([1-9][0-9]{0,8}) *$/.exec(part) ?? []
    if (!Object.hasOwn(vendor, group)) {
      const like = Object.entries(vendor).map(([each, count]) => `${each}=${count}`)
      throw new ConfigError(`${name} must be vendor, or like ${like.join(',')}, not ${value}.`)
    }
    chosen[group] = Number(limit)
  }
  return { ...vendor, ...chosen }
}

function oneOf<T extends string>(env: NodeJS.ProcessEnv, name: string, allowed: T[], otherwise: T): T {
  const value = text(env, name) ?? otherwise
  const found = allowed.find(each => each === value)
  if (!found) throw new ConfigError(`${name} must be one of ${allowed.join(', ')}, not ${value}.`)
  return found
}
