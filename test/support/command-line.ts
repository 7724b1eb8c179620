import { spawn } from 'node:child_process'
import { PROGRAM } from './heddle-process.ts'

export interface CommandResult {
  code: number | null
  output: string
  errors: string
}

/** Runs the built `heddle` with these words, on a data folder. */
export function runHeddle(dataDir: string, args: string[]): Promise<CommandResult> {
  const { PATH, HOME } = process.env
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd: '/',
    env: { PATH, HOME, HEDDLE_DATA: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
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
