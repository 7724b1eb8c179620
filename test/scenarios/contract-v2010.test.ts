import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seedWithInventory } from '../support/inventory.ts'
import { openContract } from '../support/openapi.ts'
import { ACCOUNT_SID, type Answer, openTestHouse, type TestHouse } from '../support/test-house.ts'

const NUMBER = '+15550001000'
const PERSON = '+15557770001'
const ROOT = '/2010-04-01/Accounts'
const A = `${ROOT}/{AccountSid}`
const contract = openContract('twilio_api_v2010.json')

/** What is called, in this order: an operation, its form, and which of the SIDs that came before fills its path. */
interface Step {
  operation: string
  form?: Record<string, string>
  /** Fills `{Sid}`, `{MessageSid}`, ... of the path. */
  path?: Record<string, string>
  /** Keeps the SID of the answer, or of the first record of a list, under this name. */
  keeps?: string
}

const URLS = {
  SmsUrl: 'http://127.0.0.1:9/sms',
  VoiceUrl: 'http://127.0.0.1:9/voice',
  StatusCallback: 'http://127.0.0.1:9/',
}

const STEPS: Step[] = [
  { operation: `POST ${ROOT}.json`, form: { FriendlyName: 'Child' }, keeps: 'child' },
  { operation: `GET ${ROOT}.json` },
  { operation: `GET ${ROOT}/{Sid}.json`, path: { Sid: 'child' } },
  { operation: `POST ${ROOT}/{Sid}.json`, form: { Status: 'suspended' }, path: { Sid: 'child' } },
  { operation: `GET ${A}/Balance.json` },
  { operation: `POST ${A}/Tokens.json`, form: { Ttl: '60' } },

  { operation: `POST ${A}/Applications.json`, form: { FriendlyName: 'App', ...URLS }, keeps: 'application' },
  { operation: `GET ${A}/Applications.json` },
  { operation: `GET ${A}/Applications/{Sid}.json`, path: { Sid: 'application' } },
  { operation: `POST ${A}/Applications/{Sid}.json`, form: { SmsMethod: 'GET' }, path: { Sid: 'application' } },

  { operation: `POST ${A}/Keys.json`, form: { FriendlyName: 'Key' }, keeps: 'key' },
  { operation: `GET ${A}/Keys.json` },
  { operation: `GET ${A}/Keys/{Sid}.json`, path: { Sid: 'key' } },
  { operation: `POST ${A}/Keys/{Sid}.json`, form: { FriendlyName: 'Other' }, path: { Sid: 'key' } },
  { operation: `DELETE ${A}/Keys/{Sid}.json`, path: { Sid: 'key' } },
  { operation: `POST ${A}/SigningKeys.json`, form: { FriendlyName: 'Key' }, keeps: 'signingKey' },
  { operation: `GET ${A}/SigningKeys.json` },
  { operation: `GET ${A}/SigningKeys/{Sid}.json`, path: { Sid: 'signingKey' } },
  { operation: `POST ${A}/SigningKeys/{Sid}.json`, form: { FriendlyName: 'Other' }, path: { Sid: 'signingKey' } },
  { operation: `DELETE ${A}/SigningKeys/{Sid}.json`, path: { Sid: 'signingKey' } },

  { operation: `GET ${A}/SMS/ShortCodes.json`, keeps: 'shortCode' },
  { operation: `GET ${A}/SMS/ShortCodes/{Sid}.json`, path: { Sid: 'shortCode' } },
  { operation: `POST ${A}/SMS/ShortCodes/{Sid}.json`, form: { FriendlyName: 'Votes' }, path: { Sid: 'shortCode' } },

  { operation: `GET ${A}/AvailablePhoneNumbers.json` },
  { operation: `GET ${A}/AvailablePhoneNumbers/{CountryCode}.json`, path: { CountryCode: 'GB' } },
  { operation: `GET ${A}/AvailablePhoneNumbers/{CountryCode}/Local.json`, path: { CountryCode: 'US' } },
  { operation: `GET ${A}/AvailablePhoneNumbers/{CountryCode}/TollFree.json`, path: { CountryCode: 'US' } },
  { operation: `GET ${A}/AvailablePhoneNumbers/{CountryCode}/Mobile.json`, path: { CountryCode: 'GB' } },
  { operation: `GET ${A}/AvailablePhoneNumbers/{CountryCode}/National.json`, path: { CountryCode: 'GB' } },
  { operation: `GET ${A}/AvailablePhoneNumbers/{CountryCode}/Voip.json`, path: { CountryCode: 'GB' } },
  { operation: `GET ${A}/AvailablePhoneNumbers/{CountryCode}/SharedCost.json`, path: { CountryCode: 'GB' } },
  { operation: `GET ${A}/AvailablePhoneNumbers/{CountryCode}/MachineToMachine.json`, path: { CountryCode: 'GB' } },

  { operation: `POST ${A}/IncomingPhoneNumbers.json`, form: { AreaCode: '212', ...URLS }, keeps: 'number' },
  { operation: `POST ${A}/IncomingPhoneNumbers/Local.json`, form: { PhoneNumber: '+15105550101' } },
  { operation: `POST ${A}/IncomingPhoneNumbers/Mobile.json`, form: { PhoneNumber: '+447700900107' } },
  { operation: `POST ${A}/IncomingPhoneNumbers/TollFree.json`, form: { PhoneNumber: '+18005550106' } },
  { operation: `GET ${A}/IncomingPhoneNumbers.json` },
  { operation: `GET ${A}/IncomingPhoneNumbers/Local.json` },
  { operation: `GET ${A}/IncomingPhoneNumbers/Mobile.json` },
  { operation: `GET ${A}/IncomingPhoneNumbers/TollFree.json` },
  { operation: `GET ${A}/IncomingPhoneNumbers/{Sid}.json`, path: { Sid: 'number' } },
  {
    operation: `POST ${A}/IncomingPhoneNumbers/{Sid}.json`,
    form: { FriendlyName: 'Mine', SmsApplicationSid: '$application' },
    path: { Sid: 'number' },
  },
  { operation: `DELETE ${A}/IncomingPhoneNumbers/{Sid}.json`, path: { Sid: 'number' } },
  { operation: `DELETE ${A}/Applications/{Sid}.json`, path: { Sid: 'application' } },

  { operation: `POST ${A}/Messages.json`, form: { From: NUMBER, To: PERSON, Body: 'Hello' }, keeps: 'message' },
  { operation: `GET ${A}/Messages.json` },
  { operation: `GET ${A}/Messages/{Sid}.json`, path: { Sid: 'message' } },
  { operation: `POST ${A}/Messages/{MessageSid}/Feedback.json`, path: { MessageSid: 'message' } },
  { operation: `GET ${A}/Messages/{MessageSid}/Media.json`, path: { MessageSid: 'picture' }, keeps: 'media' },
  { operation: `GET ${A}/Messages/{MessageSid}/Media/{Sid}.json`, path: { MessageSid: 'picture', Sid: 'media' } },
  { operation: `DELETE ${A}/Messages/{MessageSid}/Media/{Sid}.json`, path: { MessageSid: 'picture', Sid: 'media' } },
  { operation: `POST ${A}/Messages/{Sid}.json`, form: { Body: '' }, path: { Sid: 'message' } },
  { operation: `DELETE ${A}/Messages/{Sid}.json`, path: { Sid: 'picture' } },
]

describe.skipIf(!contract)(
  "Twilio's contract of 2010-04-01 (skipped where its files are not beside the project)",
  () => {
    let pictures: Server
    let house: TestHouse
    const served = new Set<string>()
    const known: Record<string, string> = { account: ACCOUNT_SID, US: 'US', GB: 'GB' }

    beforeAll(async () => {
      pictures = createServer((_request, response) => {
        response.writeHead(200, { 'content-type': 'image/png' }).end('a picture')
      })
      await new Promise<void>(resolve => pictures.listen(0, '127.0.0.1', resolve))
      const mediaUrls = [`http://127.0.0.1:${(pictures.address() as AddressInfo).port}/a.png`]
      house = await openTestHouse(seedWithInventory([{ number: NUMBER }, { number: '70700' }]))
      known.picture = await house.text(PERSON, NUMBER, 'look', { mediaUrls })
    })
    afterAll(async () => {
      await house.close()
      await new Promise(resolve => pictures.close(resolve))
    })

    it('is tried whole: every operation is among the steps, and none is tried that is not in it', () => {
      expect(STEPS.map(({ operation }) => operation).sort()).toEqual([...(contract?.operations ?? [])].sort())
    })

    it.each(STEPS.map(step => [step.operation, step] as const))('%s', async (_, step) => {
      const { method, path, answer } = await take(step)
      const faults = contract?.faultsOf({ method, path, status: answer.status, body: answer.body })
      expect(faults?.filter(fault => !(path.includes('/AvailablePhoneNumbers') && UNPAGED.test(fault)))).toEqual([])
      if (method === 'GET' && answer.body.page_size !== undefined) {
        expect(answer.body).toMatchObject({ page: 0, page_size: 50, next_page_uri: null, previous_page_uri: null })
      }
      served.add(step.operation)
    })

    it('was served whole', ({ task }) => {
      const all = contract?.operations.length
      task.meta.says = `${served.size} of ${all} operations of twilio_api_v2010.json answer as it says`
      expect([...served].sort()).toEqual([...(contract?.operations ?? [])].sort())
    })

    async function take({ operation, form, path = {}, keeps }: Step) {
      const [method = '', template = ''] = operation.split(' ')
      const filled = template.replace(/\{(\w+)\}/g, (_, name: string) =>
        sidOf(name === 'AccountSid' ? 'account' : path[name]),
      )
      const sent = new URLSearchParams()
      for (const [name, text] of Object.entries(form ?? {}))
        sent.set(name, text.startsWith('$') ? sidOf(text.slice(1)) : text)
      const answer = await house.ask(method, filled, method === 'POST' ? sent : undefined)
      await house.house.settled()
      if (keeps) known[keeps] = sidIn(answer)
      return { method, path: filled, answer }
    }

    function sidOf(name: string | undefined): string {
      const value = known[name ?? '']
      if (!value) throw new Error(`No step before kept ${name}.`)
      return value
    }
  },
)

/** Lists of available numbers have no pages, as the contract's examples show against its schemas. */
const UNPAGED = /^body\.(?:end|start|page|page_size|(?:first|next|previous)_page_uri): missing$/

/** The SID of the answer, or of the first record of its list. */
function sidIn({ body }: Answer): string {
  const list = Object.values(body).find(Array.isArray)
  return list ? list[0].sid : body.sid
}
