import type { Contract } from './openapi.ts'
import type { TwilioClient } from './twilio-sdk.ts'

export interface ContractWatch {
  /** Operations that the SDK asked for, as the contract names them. */
  asked: Set<string>
  /** What was wrong with answers. */
  faults: string[]
}

/** Holds every answer that the vendor's client gets from a product against the product's contract. */
export function watchContract(client: TwilioClient, contract: Contract, product: string): ContractWatch {
  const watch: ContractWatch = { asked: new Set(), faults: [] }
  const { httpClient } = client
  if (!httpClient) throw new Error('The client has no HTTP client.')
  const request = httpClient.request.bind(httpClient)
  httpClient.request = async asked => {
    const answer = await request(asked)
    const method = asked.method.toUpperCase()
    const path = new URL(asked.uri).pathname.replace(`/${product}/`, '/')
    if (answer.statusCode >= 400) return answer
    const body: unknown = typeof answer.body === 'string' && answer.body ? JSON.parse(answer.body) : answer.body
    watch.asked.add(operationOf(contract, method, path))
    watch.faults.push(...contract.faultsOf({ method, path, status: answer.statusCode, body }))
    return answer
  }
  return watch
}

function operationOf(contract: Contract, method: string, path: string): string {
  const [found] = contract.operations
    .filter(operation => {
      const [verb, template = ''] = operation.split(' ')
      return verb === method && new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(path)
    })
    .sort((a, b) => a.split('{').length - b.split('{').length)
  return found ?? `${method} ${path}`
}
