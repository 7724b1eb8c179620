/**
 * Why an access token is not taken, in the codes and words that a client hears which connects with it. Source: Twilio,
 * Error and Warning Dictionary, 20101 to 20107 and 20157.
 */
export const ACCESS_TOKEN_FAULTS = {
  20101: 'Invalid Access Token',
  20102: 'Invalid Access Token header',
  20103: 'Invalid Access Token issuer/subject',
  20104: 'Access Token expired or expiration date invalid',
  20105: 'Access Token not yet valid',
  20106: 'Invalid Access Token grants',
  20107: 'Invalid Access Token signature',
  20157: 'Expiration Time in the Access Token Exceeds Maximum Time Allowed',
} as const

export type AccessTokenCode = keyof typeof ACCESS_TOKEN_FAULTS

/**
 * The same faults of a token that comes with an HTTP request. Source: as above, 20151 to 20160, which speak of a JWT
 * provided to an API; 20158 and 20159 are not given out.
 */
export const REQUEST_FAULTS = {
  20101: { code: 20160, message: 'Invalid Token' },
  20102: { code: 20152, message: 'Invalid Header' },
  20103: { code: 20153, message: 'Invalid Issuer Or Subject' },
  20104: { code: 20156, message: 'Expired or Invalid Expiration in Token' },
  20105: { code: 20155, message: 'Expiration Time In The Future' },
  20106: { code: 20154, message: 'Invalid Claim Set' },
  20107: { code: 20151, message: 'Authentication Failed' },
  20157: { code: 20157, message: 'Expiration Time Exceeds Maximum Time Allowed' },
} as const satisfies Record<AccessTokenCode, { code: number; message: string }>
