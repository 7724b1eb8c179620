import { newId } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import {
  type Application,
  deleteApplication as deleteRow,
  insertApplication,
  loadApplication,
  updateApplication as updateRow,
} from '../../store/applications.ts'
import { loadNumbersOfApplication, type OwnedNumber, updateNumber } from '../../store/numbers.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import { type Given, given } from '../given.ts'
import type { Act } from '../step.ts'

/** What an owner may set of an application. Left out or undefined: as it was. An empty URL is none. */
export type ApplicationChanges = Given<Omit<Application, 'id' | 'createdAt' | 'updatedAt' | 'version' | 'born'>>

export async function createApplication(
  core: Core,
  accountId: string,
  setup: ApplicationChanges,
): Promise<Application> {
  return act(core, accountId, async step => {
    const version = step.tick()
    const application: Application = {
      id: newId(step.now.getTime()),
      friendlyName: '',
      smsUrl: '',
      smsMethod: 'POST',
      smsFallbackUrl: '',
      smsFallbackMethod: 'POST',
      messageStatusCallback: '',
      kept: {},
      ...given(setup),
      createdAt: step.now,
      updatedAt: step.now,
      version,
      born: version,
    }
    step.changes.add(insertApplication, application)
    return application
  })
}

/** Changes an application; numbers that go by it follow at once. Refuses `not_found`. */
export async function updateApplication(
  core: Core,
  accountId: string,
  id: string,
  { kept, ...changes }: ApplicationChanges,
): Promise<Application> {
  return act(core, accountId, async step => {
    const known = await getApplication(step, id)
    const application: Application = {
      ...known,
      ...given(changes),
      kept: { ...known.kept, ...kept },
      updatedAt: step.now,
      version: step.tick(),
    }
    step.changes.add(updateRow, application)
    step.changes.touchConfig()
    return application
  })
}

/** Keeps an act under the limit of 1,000 rows written. */
const MAX_NUMBERS_AN_ACT = 500

/** Deletes an application; numbers that went by it go by their own URLs again. Refuses `not_found`. */
export async function deleteApplication(core: Core, accountId: string, id: string): Promise<void> {
  for (;;) {
    const isDone = await act(core, accountId, async step => {
      await getApplication(step, id)
      const numbers = await step.load<OwnedNumber>(loadNumbersOfApplication, [accountId, id, MAX_NUMBERS_AN_ACT])
      for (const number of numbers) {
        step.changes.add(updateNumber, { ...number, smsApplicationId: null, updatedAt: step.now, version: step.tick() })
      }
      step.changes.touchConfig()
      if (numbers.length === MAX_NUMBERS_AN_ACT) return false
      step.changes.add(deleteRow, { id })
      return true
    })
    if (isDone) return
  }
}

async function getApplication(step: Act, id: string): Promise<Application> {
  const [application] = await step.load<Application>(loadApplication, [step.accountId, id])
  if (!application) throw new Refusal('not_found', 'The account has no such application.')
  return application
}
