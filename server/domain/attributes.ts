/** Attributes are a JSON text of the owner's own making; these are the few things that the house reads in them. */

/** True for any JSON text. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** The `name` in attributes, when they are an object with a text of that name; null otherwise. */
export function nameInAttributes(attributes: string): string | null {
  if (!attributes.includes('"name"')) return null
  const parsed: unknown = isJson(attributes) ? JSON.parse(attributes) : null
  if (typeof parsed !== 'object' || parsed === null || !('name' in parsed)) return null
  const name = typeof parsed.name === 'string' ? parsed.name.trim() : ''
  return name === '' ? null : name
}
