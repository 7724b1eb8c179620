export interface NumberOptions {
  server: string
  /** SID and token of the account. */
  account: string
  token: string
}

interface Listed {
  number: string
  pointsTo: string
  isHere: boolean
  isImported: boolean
}

/** Shows the numbers of the account at a carrier, a line each. Throws with a sentence for the operator, as all here. */
export async function showNumbers(carrier: string, options: NumberOptions): Promise<string[]> {
  return linesOf(await ask('GET', `${pathOf(carrier)}`, options))
}

/** Takes over numbers at a carrier, all when none is named. */
export async function importNumbers(carrier: string, numbers: string[], options: NumberOptions): Promise<string[]> {
  return linesOf(await ask('POST', pathOf(carrier), options, numbers.length > 0 ? { numbers } : {}))
}

/** Lets texts to numbers go where they went before they were imported; all that were imported when none is named. */
export async function restoreNumbers(carrier: string, numbers: string[], options: NumberOptions): Promise<string[]> {
  const listed = await ask('GET', pathOf(carrier), options)
  const chosen = numbers.length > 0 ? numbers : listed.filter(each => each.isImported).map(each => each.number)
  for (const number of chosen) await ask('DELETE', `${pathOf(carrier)}/${encodeURIComponent(number)}`, options)
  const restored = new Set(chosen)
  return linesOf((await ask('GET', pathOf(carrier), options)).filter(each => restored.has(each.number)))
}

function pathOf(carrier: string): string {
  return `/v1/carriers/${encodeURIComponent(carrier)}/numbers`
}

function linesOf(listed: Listed[]): string[] {
  return listed.map(({ number, pointsTo, isHere }) => {
    const place = isHere ? 'comes here' : `goes to ${pointsTo || 'nobody'}`
    return `${number.padEnd(16)}  ${place}`
  })
}

async function ask(method: string, path: string, options: NumberOptions, body?: object): Promise<Listed[]> {
  const { server, account, token } = options
  const response = await fetch(new URL(path, server), {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${account}:${token}`).toString('base64')}`,
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new Error(`There is no Heddle at ${server}.`)
  })
  const answer: unknown = await response.json().catch(() => null)
  const said = typeof answer === 'object' && answer !== null ? answer : {}
  if (!response.ok) {
    throw new Error('message' in said ? String(said.message) : `The server answered with status ${response.status}.`)
  }
  return 'records' in said && Array.isArray(said.records) ? said.records : []
}
