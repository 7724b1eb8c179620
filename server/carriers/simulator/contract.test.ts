import { ACCOUNT, memoryLog, openTestSimulator, textFrom } from '../../../test/support/simulated-network.ts'
import { movableClock } from '../../domain/clock.ts'
import { carrierContract } from '../carrier.contract.ts'

carrierContract(
  'the simulator',
  async () => {
    const log = memoryLog()
    const { simulator, house } = openTestSimulator({ log, clock: { ...movableClock(() => 0), advance() {} } })
    await simulator.start()
    return {
      carrier: simulator,
      house,
      shown: async () =>
        log.texts
          .filter(text => text.direction === 'received')
          .map(({ phone, number, body }) => ({ person: phone, number, body })),
      async sendFromPhone({ person, body }) {
        await simulator.sendFromPhone({ ...textFrom(person), body })
      },
      refuse(person) {
        simulator.faults.put(ACCOUNT, { number: person, refuse: { code: 30005, times: null } })
      },
      close: () => simulator.stop(),
    }
  },
  { 'a carrier that was stopped takes nothing more': 'a network in memory has no link to give up' },
)
