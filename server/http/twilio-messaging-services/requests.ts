import { given } from '../../core/given.ts'
import type { PoolSettings } from '../../domain/pool.ts'
import { lengthOfName } from '../../domain/text.ts'
import type { Parameters } from '../twilio-parameters.ts'
import { methodIn, urlIn } from '../twilio-url-parameters.ts'
import { refuse } from './errors.ts'

const MAX_NAME = 64
const MAX_VALIDITY_S = 36_000
/** Source: Twilio, Services resource, Usecase. */
const USECASES = ['notifications', 'marketing', 'verification', 'discussion', 'poll', 'undeclared']

/** What a service keeps for programs to read back, without effect here. */
export interface KeptOfService {
  mmsConverter?: boolean
  scanMessageContent?: 'inherit' | 'enable' | 'disable'
  fallbackToLongCode?: boolean
  synchronousValidation?: boolean
  usecase?: string
}

/** What a new service begins with. Source: Twilio, Services resource. */
export const NEW_SERVICE: PoolSettings & { kept: KeptOfService } = {
  stickySender: true,
  smartEncoding: true,
  areaCodeGeomatch: true,
  useInboundWebhookOnNumber: false,
  kept: {},
}

/** The name of a service; undefined when it was not sent. Refuses 20001 one that is empty or too long. */
export function readFriendlyName(parameters: Parameters): string | undefined {
  const name = parameters.text('FriendlyName')?.trim()
  if (name === undefined) return undefined
  if (name === '') throw refuse(20001, 'FriendlyName is missing')
  if (lengthOfName(name) > MAX_NAME) throw refuse(20001, `FriendlyName may have ${MAX_NAME} characters`)
  return name
}

/**
 * What a request sets of a service; what it leaves out is missing. Refuses 21402 and 21403 (URLs and methods), 21624 a
 * validity that is not between 1 and 36,000 seconds, and 21713 a use that is none of Twilio's.
 */
export function readServiceSettings(parameters: Parameters): PoolSettings & { kept: KeptOfService } {
  return {
    ...given({
      inboundRequestUrl: urlIn(parameters, 'InboundRequestUrl'),
      inboundMethod: methodIn(parameters, 'InboundMethod'),
      fallbackUrl: urlIn(parameters, 'FallbackUrl'),
      fallbackMethod: methodIn(parameters, 'FallbackMethod'),
      statusCallback: urlIn(parameters, 'StatusCallback'),
      stickySender: parameters.flag('StickySender'),
      smartEncoding: parameters.flag('SmartEncoding'),
      areaCodeGeomatch: parameters.flag('AreaCodeGeomatch'),
      useInboundWebhookOnNumber: parameters.flag('UseInboundWebhookOnNumber'),
      validForMs: readValidity(parameters),
    }),
    kept: readKept(parameters),
  }
}

export function keptOf(settings: PoolSettings): KeptOfService {
  return (settings.kept ?? {}) as KeptOfService
}

function readKept(parameters: Parameters): KeptOfService {
  return given({
    mmsConverter: parameters.flag('MmsConverter'),
    scanMessageContent: parameters.oneOf('ScanMessageContent', ['inherit', 'enable', 'disable']),
    fallbackToLongCode: parameters.flag('FallbackToLongCode'),
    synchronousValidation: parameters.flag('SynchronousValidation'),
    usecase: readUsecase(parameters),
  })
}

function readUsecase(parameters: Parameters): string | undefined {
  const usecase = parameters.filled('Usecase')
  if (usecase === undefined || USECASES.includes(usecase)) return usecase
  throw refuse(21713, `The Messaging Service Use Case is invalid: ${usecase}`)
}

function readValidity(parameters: Parameters): number | undefined {
  const seconds = parameters.integer('ValidityPeriod', 21624)
  if (seconds === undefined) return undefined
  if (seconds < 1 || seconds > MAX_VALIDITY_S) {
    throw refuse(21624, `The ValidityPeriod ${seconds} is not between 1 and ${MAX_VALIDITY_S} seconds`)
  }
  return seconds * 1000
}
