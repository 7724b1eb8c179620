#!/usr/bin/env node
// Everything Heddle does starts here: it makes the folder ready, then becomes the program, in this same process, so
// that signals reach the server itself.
import { setUp } from './scripts/setup.mjs'

await setUp()
process.setSourceMapsEnabled(true)
await import('./dist/server/cli.js')
