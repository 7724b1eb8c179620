import type { Core } from '../../../core/core.ts'
import { moveNumber } from '../../../core/numbers/move-number.ts'
import { releaseNumber } from '../../../core/numbers/release-number.ts'
import { updateNumber } from '../../../core/numbers/update-number.ts'
import { numberPattern } from '../../../domain/number-pattern.ts'
import { numberSettings } from '../../../domain/number-settings.ts'
import { findNumber, listNumbers, type NumberFilter, type OwnedNumber } from '../../../store/read/numbers.ts'
import type { Credentials } from '../../credentials.ts'
import { notFound, TwilioError } from '../../twilio-errors.ts'
import type { PageAsked } from '../../twilio-paging.ts'
import type { TwilioCall, TwilioResources } from '../../twilio-routes.ts'
import { buyAsAsked } from './buy-numbers.ts'
import { readReceiver } from './family.ts'
import { numberOfKind, numberResource } from './number-resource.ts'
import { readSetup } from './number-setup.ts'
import { answerList, type PlainResource } from './plain-resource.ts'

const PATH = '/Accounts/:accountSid/IncomingPhoneNumbers'
const NAME = 'incoming_phone_numbers'

type PhoneKind = Exclude<OwnedNumber['kind'], 'short_code'>

const KINDS: { path: string; kind: PhoneKind }[] = [
  { path: 'Local', kind: 'local' },
  { path: 'Mobile', kind: 'mobile' },
  { path: 'TollFree', kind: 'toll_free' },
]

/** The account's phone numbers: buy, set up, move, release. */
export function incomingNumbers(core: Core, credentials: Credentials): PlainResource<OwnedNumber> {
  return {
    path: PATH,
    name: NAME,
    prefix: 'PN',
    spell: numberResource,
    list: (call, asked) =>
      list(
        core,
        call,
        asked,
        KINDS.map(({ kind }) => kind),
      ),
    async find({ accountId }, id) {
      const number = await findNumber(core.db, accountId, id)
      return number?.kind === 'short_code' ? null : number
    },
    create: async call => numberResource(call.accountId, await buyAsAsked(core, call, null)),
    update: (call, number) => update(core, credentials, call, number),
    async remove({ accountId, request }, { id }) {
      if (!(await releaseNumber(core, accountId, id))) throw notFound(request)
    },
  }
}

/** The lists of one kind of numbers, where such a number can also be bought. */
export function incomingNumbersByKind({ core, resource }: TwilioResources): void {
  for (const { path, kind } of KINDS) {
    resource(`${PATH}/${path}`, {
      list: call =>
        answerList(call, {
          name: NAME,
          spell: numberOfKind,
          list: (call, asked) => list(core, call, asked, [kind]),
        }),
      create: async call => numberOfKind(call.accountId, await buyAsAsked(core, call, kind)),
    })
  }
}

function list(core: Core, { accountId, parameters }: TwilioCall, asked: PageAsked, kinds: PhoneKind[]) {
  const number = parameters.filled('PhoneNumber')
  const pattern = number === undefined ? undefined : numberPattern(number)
  if (pattern === null) throw new TwilioError(400, 21421, `PhoneNumber is invalid: ${number}`)
  // None of our numbers is hosted for somebody else.
  const isHosted = parameters.oneOf('Origin', ['twilio', 'hosted']) === 'hosted'
  const filter: NumberFilter = {
    kinds: isHosted ? [] : kinds,
    friendlyName: parameters.filled('FriendlyName'),
    pattern,
    isBeta: parameters.flag('Beta') === false ? false : undefined,
  }
  return listNumbers(core.db, accountId, asked, filter)
}

async function update(core: Core, credentials: Credentials, call: TwilioCall, number: OwnedNumber) {
  const receiverSid = call.parameters.filled('AccountSid')
  const receiver = receiverSid === undefined ? null : await readReceiver(credentials, call, receiverSid)
  const { voice_url: voiceUrl } = numberSettings(number.settings).kept
  const changes = await readSetup(core, call, { ...number, voiceUrl: String(voiceUrl ?? '') })
  const changed = await updateNumber(core, call.accountId, number.id, changes)
  if (receiver === null || receiver === call.accountId) return numberResource(call.accountId, changed)
  return numberResource(receiver, await moveNumber(core, call.accountId, number.id, receiver))
}
