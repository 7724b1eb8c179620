import { lint, runChecks, types } from './checks.mjs'
import { setUpPackages } from './setup.mjs'

await setUpPackages()
const { failed } = await runChecks([lint, types])
process.exitCode = failed === 0 ? 0 : 1
