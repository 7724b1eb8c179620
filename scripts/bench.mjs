import { root } from './run.mjs'
import { setUp } from './setup.mjs'

await setUp()
process.setSourceMapsEnabled(true)
// Each measurement reads its own name and options from the command line.
process.argv[1] = `${root}dist/bench/run.js`
await import('../dist/bench/run.js')
