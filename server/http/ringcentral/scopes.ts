/** What a program may be allowed to do in a user's name. */
export const SCOPES = [
  'ReadAccounts',
  'EditExtensions',
  'SMS',
  'ReadMessages',
  'EditMessages',
  'InternalMessages',
  'WebSocketsSubscription',
  'SubscriptionWebhook',
] as const

/** The scopes asked for, separated by spaces or commas, as far as there are such; all when none is asked for. */
export function grantedScope(asked: string | null): string {
  const wanted = (asked ?? '').split(/[\s,]+/).filter(scope => scope !== '')
  return SCOPES.filter(scope => wanted.length === 0 || wanted.includes(scope)).join(' ')
}
