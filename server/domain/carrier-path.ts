/** Where the endpoints of a carrier are on this server. */
export function carrierPath(accountSid: string, carrierId: string): string {
  return `/carriers/${accountSid}/${carrierId}`
}
