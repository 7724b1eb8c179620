/** Command ids and statuses that we speak of. Source: SMPP 3.4, 5.1.2.1 and 5.1.3. */
export const COMMAND = {
  generic_nack: 0x80000000,
  bind_receiver: 0x00000001,
  bind_transmitter: 0x00000002,
  bind_transceiver: 0x00000009,
  outbind: 0x0000000b,
  submit_sm: 0x00000004,
  deliver_sm: 0x00000005,
  unbind: 0x00000006,
  enquire_link: 0x00000015,
  alert_notification: 0x00000102,
  data_sm: 0x00000103,
} as const

/** The bit that tells a response from its request. */
export const RESPONSE = 0x80000000

export const STATUS = {
  ok: 0x00,
  unknownCommand: 0x03,
  wrongBindState: 0x04,
  wrongDestination: 0x0b,
  queueFull: 0x14,
  throttled: 0x58,
  temporary: 0x64,
  permanent: 0x65,
  unknown: 0xff,
} as const

/** The status as carriers write it, such as `0x0B`. */
export function spellStatus(status: number): string {
  return `0x${status.toString(16).toUpperCase().padStart(2, '0')}`
}
