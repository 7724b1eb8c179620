import type { RingCentralDialect } from './dialect.ts'
import { findMainNumber } from './numbers.ts'

/** The account, and what the API says of itself. */
export function accountRoutes(dialect: RingCentralDialect): void {
  dialect.operation('GET', '/v1.0/account/:accountId', {
    scope: 'ReadAccounts',
    group: 'light',
    async run({ caller, accountUri }) {
      const mainNumber = await findMainNumber(dialect.core.db, caller.accountId)
      return {
        id: Number(caller.accountNumber),
        uri: accountUri,
        ...(mainNumber ? { mainNumber } : {}),
        status: 'Confirmed',
        setupWizardState: 'Completed',
        serviceInfo: {
          uri: `${accountUri}/service-info`,
          brand: { id: '1210', name: caller.accountName, homeCountry: { id: '1' } },
          servicePlan: { id: '1', name: 'Heddle' },
        },
      }
    },
  })

  dialect.open('GET', '/', async request => versions(dialect.originOf(request)))
  dialect.open('GET', '/v1.0', async request => version(dialect.originOf(request)))
}

function versions(origin: string) {
  return { uri: `${origin}/restapi`, apiVersions: [version(origin)], serverVersion: '1.0', serverRevision: '0' }
}

function version(origin: string) {
  return {
    uri: `${origin}/restapi/v1.0`,
    versionString: '1.0.60',
    releaseDate: '2026-05-21T00:00:00.000Z',
    uriString: 'v1.0',
  }
}
