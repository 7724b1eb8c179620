import { openTestedTwilio } from '../../../test/support/tested-twilio.ts'
import { carrierContract } from '../carrier.contract.ts'

carrierContract(
  'Twilio',
  async () => {
    const { twilio, carrier, house, ledger, callback, close } = await openTestedTwilio({ answerWithinMs: 1000 })
    const refused = new Set<string>()
    twilio.onSend = form =>
      refused.has(form.get('To') ?? '')
        ? { status: 400, body: { code: 21211, message: "Invalid 'To' Phone Number", status: 400 } }
        : null
    await carrier.start()
    while (!carrier.health?.().isBound) await new Promise(resolve => setTimeout(resolve, 10))
    return {
      house,
      carrier: {
        ...carrier,
        async send(texts) {
          const results = await carrier.send(texts)
          for (const result of results) if (result.kind === 'taken') ledger.sent.set(result.carrierMessageId, false)
          return results
        },
      },
      shown: async () => twilio.messages.map(({ from, to, body }) => ({ person: to, number: from, body })),
      async sendFromPhone({ person, number, body }) {
        const message = twilio.comes({ from: person, to: number, body })
        const { status } = await twilio.call(`${callback}/inbound`, twilio.formOf(message))
        if (status !== 200) throw new Error(`answered with ${status}`)
      },
      refuse: person => refused.add(person),
      close,
    }
  },
  { 'a text to a group reaches each phone once': 'the Messages resource sends no texts to groups' },
)
