import { check } from './checks.mjs'
import { setUpPackages } from './setup.mjs'

await setUpPackages()
const { failed } = await check()
process.exitCode = failed === 0 ? 0 : 1
