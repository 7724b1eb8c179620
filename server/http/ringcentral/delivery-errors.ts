/**
 * Why a text failed, as RingCentral says it: `RC` found it itself, `UP` was told by the provider, `CAR` by the
 * recipient's carrier. Source: RingCentral, "Handling SMS Messaging Errors", error code list.
 */
const CODES: Readonly<Record<number, string>> = {
  11200: 'SMS-RC-500',
  11751: 'SMS-CAR-434',
  12300: 'SMS-CAR-433',
  21610: 'SMS-UP-413',
  30001: 'SMS-RC-403',
  30002: 'SMS-RC-504',
  30003: 'SMS-CAR-412',
  30004: 'SMS-CAR-431',
  30005: 'SMS-CAR-411',
  30006: 'SMS-CAR-400',
  30007: 'SMS-CAR-430',
  30008: 'SMS-CAR-199',
  30032: 'SMS-CAR-461',
  30034: 'SMS-CAR-414',
  30036: 'SMS-CAR-410',
}

/** General upstream error: what there is no closer word for. */
const OTHER = 'SMS-UP-500'

/** The code of RingCentral for one of ours. */
export function deliveryError(errorCode: number): string {
  return CODES[errorCode] ?? OTHER
}
