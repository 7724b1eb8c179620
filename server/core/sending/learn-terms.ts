import { act } from '../act.ts'
import type { Core } from '../core.ts'

/** Reads the terms of a number, so that they are known. */
export async function learnTerms(core: Core, accountId: string, number: string): Promise<void> {
  await act(core, accountId, async step => {
    await step.ownerSettings()
    await step.numberRoutes([number])
  })
}
