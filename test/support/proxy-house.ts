import twilio from 'twilio'
import type { SeedNumber } from '../../server/domain/seed.ts'
import { openTestHouse, type PhoneText, seedOf, type TestHouse } from './test-house.ts'
import { clientOf, type TwilioClient } from './twilio-sdk.ts'

export type ServiceSettings = Partial<Parameters<TwilioClient['proxy']['v1']['services']['create']>[0]>
type Service = ReturnType<TwilioClient['proxy']['v1']['services']>
type SessionSettings = Parameters<Service['sessions']['create']>[0]

/** A house whose numbers mask persons from each other, each service with numbers of its own. */
export interface ProxyHouse {
  readonly house: TestHouse
  readonly client: TwilioClient
  newPerson(): string
  /** A new service with so many numbers that no other has had, or with these. */
  serviceWith(numbers: number | string[], settings?: ServiceSettings): Promise<Service & { sid: string }>
  sessionIn(service: Service, settings?: SessionSettings): Promise<ProxySession>
  /** A new session of two persons; who texts which number. */
  masked(service: Service, settings?: SessionSettings): ReturnType<typeof twoIn>
  /** What the phone was texted, once all that is to be done now is done. */
  seen(phone: string): Promise<PhoneText[]>
  /** Its words. */
  heard(person: { identifier: string }): Promise<PhoneText['body'][]>
  text(from: { identifier: string; proxyIdentifier: string }, body: string): Promise<string>
  /** The path of the conversation that was opened last: a session is one. */
  lastConversation(): Promise<string>
}

export type ProxySession = ReturnType<Service['sessions']> & { sid: string }

/** A house with numbers for services, and others that services take only when they are named. */
export async function openProxyHouse(numbers: string[], others: SeedNumber[] = []): Promise<ProxyHouse> {
  const house = await openTestHouse(seedOf([...numbers.map(number => ({ number })), ...others]))
  const client = clientOf(twilio, house)
  const free = [...numbers]
  let made = 0
  const newPerson = () => `+1555777${String(++made).padStart(4, '0')}`

  async function sessionIn(service: Service, settings: SessionSettings = {}): Promise<ProxySession> {
    const { sid } = await service.sessions.create(settings)
    return Object.assign(service.sessions(sid), { sid })
  }

  async function seen(phone: string): Promise<PhoneText[]> {
    await house.house.settled()
    return (await house.phone(phone)).filter(({ direction }) => direction === 'received')
  }

  return {
    house,
    client,
    newPerson,
    async serviceWith(wanted, settings = {}) {
      const { sid } = await client.proxy.v1.services.create({ uniqueName: `service ${++made}`, ...settings })
      const service = Object.assign(client.proxy.v1.services(sid), { sid })
      const taken = typeof wanted === 'number' ? free.splice(0, wanted) : wanted
      for (const phoneNumber of taken) await service.phoneNumbers.create({ phoneNumber })
      return service
    },
    sessionIn,
    masked: async (service, settings) => twoIn(await sessionIn(service, settings), [newPerson(), newPerson()]),
    seen,
    heard: async ({ identifier }) => (await seen(identifier)).map(({ body }) => body),
    text: ({ identifier, proxyIdentifier }, body) => house.text(identifier, proxyIdentifier, body),
    async lastConversation() {
      const { body } = await house.ask('GET', '/conversations/v1/Conversations?PageSize=1')
      return `/conversations/v1/Conversations/${body.conversations[0].sid}`
    },
  }
}

async function twoIn(session: ProxySession, [first, second]: [string, string]) {
  const ann = await session.participants.create({ identifier: first })
  const bob = await session.participants.create({ identifier: second })
  return { session, ann, bob }
}
