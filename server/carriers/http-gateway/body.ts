import { cleanTexts } from '../../domain/text.ts'

export type Format = 'json' | 'form' | 'text'

/** A body as paths see it; undefined when it is not of that format. Names that a form has several times are lists. */
export function parseBody(body: Buffer, format: Format): unknown {
  const text = body.toString('utf8')
  switch (format) {
    case 'json':
      return parseJson(text)
    case 'form':
      return cleanTexts(fieldsOf(new URLSearchParams(text)))
    case 'text':
      return cleanTexts(text.trim())
    default:
      return format satisfies never
  }
}

function parseJson(text: string): unknown {
  try {
    return cleanTexts(JSON.parse(quoteLongNumbers(text.replace(/^\ufeff/, ''))))
  } catch {
    return undefined
  }
}

/** A string of JSON, or a number. */
const STRING_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/g
/** Up to 15 digits every number is told exactly. */
const LONG_NUMBER = /^-?[0-9]{16,}$/

/** Makes texts of numbers with more digits than JavaScript keeps: ids of 64 bits, which would become one another's. */
function quoteLongNumbers(json: string): string {
  if (!/[0-9]{16}/.test(json)) return json
  // Throws at what is no JSON, for which the pattern would take long.
  JSON.parse(json)
  return json.replace(STRING_OR_NUMBER, found => (LONG_NUMBER.test(found) ? `"${found}"` : found))
}

export function fieldsOf(form: URLSearchParams): Record<string, string | string[]> {
  const fields: Record<string, string | string[]> = {}
  for (const name of new Set(form.keys())) {
    const values = form.getAll(name)
    fields[name] = values.length === 1 ? (values[0] ?? '') : values
  }
  return fields
}
