import type { ThreadHookDraft } from '../../core/threads/thread-hooks.ts'
import { THREAD_EVENTS } from '../../domain/hook-events.ts'
import { uuidOfSid } from '../../domain/ids.ts'
import type { HookSettings, ThreadHook, ThreadHookSettings } from '../../store/read/hooks.ts'
import type { Parameters } from '../twilio-parameters.ts'
import { refuse } from './limits.ts'

const MAX_URL = 2048
/** Words that a trigger listens for, and their length. Twilio names neither. */
const MAX_TRIGGERS = 10
const MAX_TRIGGER = 248

/** The hooks of an account or a service; what was not sent is left out. Refuses 50053 (URL) and 50054 (method). */
export function readHooks(parameters: Parameters): HookSettings {
  const hooks: HookSettings = {}
  const method = readMethod(parameters, 'Method')
  const preUrl = readUrl(parameters, 'PreWebhookUrl')
  const postUrl = readUrl(parameters, 'PostWebhookUrl')
  const filters = parameters.list('Filters')
  const target = parameters.oneOf('Target', ['webhook', 'flex'])
  if (method) hooks.method = method
  if (preUrl !== undefined) hooks.preUrl = preUrl
  if (postUrl !== undefined) hooks.postUrl = postUrl
  if (filters.length > 0 || parameters.has('Filters')) hooks.filters = filters
  if (target) hooks.target = target
  return hooks
}

/** A hook of one conversation that is to be added. Refuses 50364 to 50372 what it cannot be. */
export function readNewThreadHook(parameters: Parameters): ThreadHookDraft {
  if (!parameters.filled('Target')) throw refuse(50368, 'Missing scoped webhook type')
  const target = parameters.oneOf('Target', ['webhook', 'trigger', 'studio'], 50364)
  const settings = readThreadHook(parameters, target ?? 'webhook')
  if (target === 'studio') {
    if (!settings.flowSid) throw refuse(50367, 'Missing or invalid flow SID')
    return { target, settings }
  }
  if (!settings.url) throw refuse(50369, 'Missing scoped webhook URL')
  if (target === 'webhook' && !settings.filters?.length) throw refuse(50370, 'Missing scoped webhook filters')
  if (target === 'trigger' && !settings.triggers?.length) throw refuse(50371, 'Missing scoped webhook triggers')
  const replayFrom = parameters.integer('Configuration.ReplayAfter')
  if (replayFrom !== undefined) settings.replayFrom = Math.max(0, replayFrom)
  return { target: target ?? 'webhook', settings: { method: 'POST', ...settings } }
}

/** What is set of a hook, of that which its kind has. */
export function readThreadHook(parameters: Parameters, target: ThreadHook['target']): ThreadHookSettings {
  const settings: ThreadHookSettings = {}
  if (target === 'studio') {
    const flowSid = parameters.filled('Configuration.FlowSid')
    if (flowSid && !uuidOfSid('FW', flowSid)) throw refuse(50367, `Invalid flow SID: ${flowSid}`)
    if (flowSid) settings.flowSid = flowSid
    return settings
  }
  const url = readUrl(parameters, 'Configuration.Url')
  if (url === null) throw refuse(50369, 'Missing scoped webhook URL')
  if (url) settings.url = url
  const method = readMethod(parameters, 'Configuration.Method')
  if (method) settings.method = method
  const words = target === 'webhook' ? readFilters(parameters) : readTriggers(parameters)
  if (words.length > 0) settings[target === 'webhook' ? 'filters' : 'triggers'] = words
  return settings
}

function readFilters(parameters: Parameters): string[] {
  const filters = parameters.list('Configuration.Filters')
  const unknown = filters.find(filter => !THREAD_EVENTS.some(event => event === filter))
  if (unknown) throw refuse(50365, `Invalid scoped webhook filter: ${unknown}`)
  return filters
}

function readTriggers(parameters: Parameters): string[] {
  const triggers = parameters.list('Configuration.Triggers')
  if (triggers.length > MAX_TRIGGERS) throw refuse(50362, `A webhook has at most ${MAX_TRIGGERS} triggers`)
  const long = triggers.find(trigger => trigger.length > MAX_TRIGGER)
  if (long) throw refuse(50366, `A trigger has at most ${MAX_TRIGGER} characters`)
  return triggers
}

function readMethod(parameters: Parameters, name: string): 'GET' | 'POST' | undefined {
  return parameters.oneOf(name, ['GET', 'POST'], 50054)
}

/** An http or https URL; null takes it away. Refuses 50053 what is none, and 50372 one that is too long. */
export function readUrl(parameters: Parameters, name: string): string | null | undefined {
  const text = parameters.text(name)?.trim()
  if (text === undefined) return undefined
  if (text === '') return null
  if (text.length > MAX_URL) throw refuse(50372, `${name} is too long`)
  if (!URL.canParse(text) || !/^https?:\/\//i.test(text))
    throw refuse(50053, `${name} is no http or https URL: ${text}`)
  return text
}
