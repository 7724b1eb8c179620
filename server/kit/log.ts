import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/**
 * The program's log: one line per act, delivery and call, its fields first and then a few words:
 * `log.info({ act: 'receive-sms', thread, outcome: 'kept', ms }, 'received')`. Error objects go in the field `err`.
 * It masks nothing: whoever logs a number masks it first.
 */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error' | 'isLevelEnabled'>

export interface LogOptions {
  /** The least severe lines that are written. */
  level: LogLevel
  /** Lines for a person at a terminal instead of JSON, one object a line. */
  pretty?: boolean
  /** Where lines go; standard output unless said. */
  destination?: DestinationStream
}

/** Opens the log. Lines are written at once, so that the last line before a crash is there. */
export function openLog({ level, pretty = false, destination }: LogOptions): Log {
  const lines = destination ?? pino.destination({ dest: 1, sync: true })
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) },
      serializers: { err: withoutRows },
    },
    pretty ? { write: line => lines.write(prettyLine(line)) } : lines,
  )
}

/** An error as a log may show it: PostgreSQL's `detail` and `where` quote rows, with numbers and bodies in them. */
function withoutRows(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { detail: _detail, where: _where, raw: _raw, ...shown } = stdSerializers.err(error)
  return shown
}

/** `12:34:56 info  received  act=receive-sms ms=4`, an error's stack below it. */
function prettyLine(line: string): string {
  const { time, level, msg = '', err, ...fields }: Record<string, unknown> = JSON.parse(line)
  const shown = Object.entries(fields).map(([name, value]) => `${name}=${plain(value)}`)
  const text = [String(time).slice(11, 19), String(level).padEnd(5), String(msg), ...shown].filter(part => part !== '')
  return `${text.join(' ')}\n${stackOf(err)}`
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function stackOf(err: unknown): string {
  if (typeof err !== 'object' || err === null) return ''
  return 'stack' in err ? `${err.stack}\n` : `${JSON.stringify(err)}\n`
}
