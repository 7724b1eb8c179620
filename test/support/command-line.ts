import { spawn } from 'node:child_process'
import { PROGRAM } from './heddle-process.ts'

/** What goes on for longer hangs, and would outlive the test. */
const ENDS_WITHIN_MS = 25_000

export interface CommandResult {
  code: number | null
  output: string
  errors: string
}

/** Runs the built `heddle` with these words and settings, on a data folder. */
export function runHeddle(
  dataDir: string,
  args: string[],
  settings: Record<string, string> = {},
): Promise<CommandResult> {
  const { PATH, HOME } = process.env
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd: '/',
    env: { PATH, HOME, HEDDLE_DATA: dataDir, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: ENDS_WITHIN_MS,
  })
  let output = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', text => {
    output += text
  })
  child.stderr.setEncoding('utf8').on('data', text => {
    errors += text
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => resolve({ code, output, errors }))
  })
}
