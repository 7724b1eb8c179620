import type { TestSpecification } from 'vitest/node'
import { BaseSequencer } from 'vitest/node'

/** Files whose stories wait more than they work: for leases, for what was killed, for networks. Longest first. */
const WAITING = [
  'crash-nodes',
  'outage-promises',
  'smpp-links',
  'crash-promises',
  'crash-sending',
  'crash-stop',
  'smpp-texts',
  'killed',
  'crash-inbox',
  'crash-push',
]
/** About as many others are done meanwhile. */
const OTHERS_BETWEEN = 9

/** Starts files that wait one after another beside those that work, so that neither the machine nor its end is idle. */
export class SpreadWaiting extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const rank = ({ moduleId }: TestSpecification) => WAITING.findIndex(name => moduleId.endsWith(`/${name}.test.ts`))
    const waiting = sorted.filter(file => rank(file) >= 0).sort((one, other) => rank(one) - rank(other))
    const others = sorted.filter(file => rank(file) < 0)
    return others
      .flatMap((file, at) => (at % OTHERS_BETWEEN === 0 ? [...waiting.splice(0, 1), file] : [file]))
      .concat(waiting)
  }
}
