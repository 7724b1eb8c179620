import type { App } from '../server.ts'
import { originOf } from '../twilio-hosts.ts'

/** Where an SDK that was made with `enableDiscovery` learns of the servers; all of them are this one. */
export function discoveryRoutes(server: App, publicUrl: string | null): void {
  server.get('/.well-known/entry-points/initial', async request => {
    const origin = originOf(request, publicUrl)
    return {
      version: '1.0.0',
      retryCount: 3,
      retryInterval: 3,
      discoveryApi: { defaultExternalUri: `${origin}/.well-known/entry-points/external` },
      authApi: {
        authorizationUri: `${origin}/restapi/oauth/authorize`,
        oidcDiscoveryUri: `${origin}/.well-known/openid-configuration`,
        defaultTokenUri: `${origin}/restapi/oauth/token`,
      },
      coreApi: { baseUri: origin },
    }
  })

  server.get('/.well-known/entry-points/external', async request => {
    const origin = originOf(request, publicUrl)
    return {
      version: '1.0.0',
      expiresIn: 10_800,
      retryCount: 3,
      retryInterval: 3,
      retryCycleDelay: 11,
      discoveryApi: {
        initialUri: `${origin}/.well-known/entry-points/initial`,
        externalUri: `${origin}/.well-known/entry-points/external`,
      },
      authApi: {
        authorizationUri: `${origin}/restapi/oauth/authorize`,
        oidcDiscoveryUri: `${origin}/.well-known/openid-configuration`,
        baseUri: origin,
        tokenUri: `${origin}/restapi/oauth/token`,
      },
      rcv: { baseApiUri: origin },
      coreApi: { baseUri: origin },
    }
  })
}
