import { PRIORITIES, type Priority } from '../../domain/priority.ts'

/**
 * What texts are for, as Twilio's `MessageIntent` says it, by the priority that they get here. The words are those of US
 * campaign use cases; ours are understood too.
 */
const INTENTS: Readonly<Record<Priority, readonly string[]>> = {
  urgent: [
    'otp',
    'authentication',
    '2fa',
    'verification',
    'security',
    'fraud',
    'fraud_alert',
    'emergency',
    'conversational',
  ],
  normal: [
    'notification',
    'notifications',
    'account_notification',
    'delivery',
    'customer_care',
    'customercare',
    'events',
  ],
  bulk: ['marketing', 'promotional', 'announcement', 'polling', 'polling_voting', 'political', 'charity', 'education'],
}

/** The priority of a text by its intent; null: none is said, or it says nothing of how soon the text must leave. */
export function priorityOfIntent(intent: string | undefined): Priority | null {
  const word = intent?.trim().toLowerCase() ?? ''
  return PRIORITIES.find(each => each === word || INTENTS[each].includes(word)) ?? null
}
