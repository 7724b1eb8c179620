import type { TwilioSpellings } from '../twilio-errors.ts'
import { SHARED_SPELLINGS } from '../twilio-shared-spellings.ts'

/** The house's refusals in the codes of Programmable Messaging. Source: Twilio, Error and Warning Dictionary. */
export const MESSAGING_SPELLINGS = {
  ...SHARED_SPELLINGS,
  number_unknown: {
    status: 400,
    code: 21606,
    message: ({ detail }) =>
      `The 'From' phone number provided (${detail.number}) is not a valid message-capable Twilio phone number for this destination.`,
  },
  number_taken: { status: 400, code: 21422 },
  address_invalid: { status: 400, code: 21211 },
  body_missing: { status: 400, code: 21602 },
  body_too_long: { status: 400, code: 21617 },
  media_too_many: { status: 400, code: 21623 },
  media_invalid: { status: 400, code: 21620 },
  pool_unknown: { status: 400, code: 21701, message: 'The Messaging Service does not exist.' },
  pool_empty: { status: 400, code: 21704, message: 'The Messaging Service contains no phone numbers.' },
  number_not_in_pool: {
    status: 400,
    code: 21711,
    message: "The 'From' phone number is not associated with the Messaging Service.",
  },
  pool_exhausted: { status: 409, code: 80206 },
  pool_not_sending: {
    status: 400,
    code: 21702,
    message: 'The Messaging Service is not available to send new messages.',
  },
  pool_unfit: {
    status: 400,
    code: 21703,
    message: 'The Messaging Service does not have a phone number available to send a message.',
  },
  pool_full: { status: 400, code: 21714 },
  application_unknown: { status: 400, code: 21218, message: 'The ApplicationSid is not a valid application.' },
  schedule_full: { status: 400, code: 35125, message: 'Too many messages are scheduled on this account.' },
  sms_unsupported: {
    status: 400,
    code: 21601,
    message: ({ detail }) => `${detail.number} is not a valid SMS-capable inbound phone number.`,
  },
  mms_unsupported: { status: 400, code: 21621, message: "The 'From' number is not enabled for MMS." },
  region_not_allowed: {
    status: 400,
    code: 21408,
    message: ({ detail }) =>
      `Permission to send an SMS has not been enabled for the region indicated by the 'To' number: ${detail.person}`,
  },
  person_not_allowed: {
    status: 400,
    code: 21608,
    message: ({ detail }) => `The number ${detail.person} is unverified: this account texts only phones that it names.`,
  },
  person_unreachable: {
    status: 400,
    code: 21614,
    message: ({ detail }) => `'To' number is not a valid mobile number: ${detail.person}`,
  },
  pair_unreachable: {
    status: 400,
    code: 21612,
    message: ({ detail }) =>
      `The 'To' phone number: ${detail.person}, is not currently reachable using the 'From' phone number: ${detail.number} via SMS.`,
  },
  queue_full: {
    status: 400,
    code: 21611,
    message: "This 'From' number has exceeded the maximum number of queued messages.",
  },
  not_cancelable: { status: 400, code: 30409, message: 'Message cannot be canceled' },
  unfinished: { status: 409, code: 20009, message: 'Cannot delete message before it has reached a terminal state' },
  // Of the shared inbox; programs act for the account and meet none of them.
  // Of conversations' webhooks, which texts sent as messages are not asked about.
} as const satisfies TwilioSpellings
