/** What went wrong with a text after it was accepted or came in. Source: Twilio's error dictionary. */
const MESSAGES: Record<number, string> = {
  21408: 'Permission to send an SMS has not been enabled for the region',
  21601: 'The number cannot text',
  21606: 'The sender is not of this account any more',
  21608: 'The number is unverified',
  21610: 'Attempt to send to unsubscribed recipient',
  21614: "'To' number is not a valid mobile number",
  21621: "The 'From' number has not been enabled for MMS",
  21703: 'The Messaging Service does not have a phone number available to send a message',
  30001: 'Queue overflow',
  30002: 'Account suspended',
  30003: 'Unreachable destination handset',
  30004: 'Message blocked',
  30005: 'Unknown destination handset',
  30006: 'Landline or unreachable carrier',
  30007: 'Message filtered',
  30008: 'Unknown error',
  30009: 'Missing inbound segment',
  30010: 'Message price exceeds max price',
  30036: 'Validity Period Expired',
  80614: 'No Partner Participant Found',
  80901: 'Message Matched Stop Word',
  80902: 'No Active Session',
  80903: 'Unknown Participant',
  80904: 'Expired Proxy Session',
  80905: 'Unknown Scenario',
  80910: 'Message To Voice Only Session Rejected',
}

/** The words for such a code. */
export function errorMessageOf(code: number): string {
  return MESSAGES[code] ?? 'Unknown error'
}
