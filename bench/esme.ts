/**
 * What Heddle is measured against: the least that could take and send texts by the npm package `smpp`. It keeps nothing:
 * what comes is answered at once, and what it is told to send is made up.
 */
import smpp, { type PDU, type Session } from 'smpp'

export interface EsmeJob {
  port: number
  links: number
  submit?: { count: number; window: number }
}

const links: Session[] = []

async function bind({ port, links: count }: EsmeJob): Promise<void> {
  while (links.length < count) {
    const session = smpp.connect({ host: '127.0.0.1', port })
    session.on('pdu', (pdu: PDU) => {
      if (!pdu.isResponse()) session.send(pdu.response())
    })
    const bound = new Promise(resolve =>
      session.send(new smpp.PDU('bind_transceiver', { system_id: 'bench', password: 'bench' }), resolve),
    )
    await bound
    links.push(session)
  }
}

function submit(count: number, window: number): void {
  let sent = 0
  const next = (session: Session) => {
    if (sent >= count) return
    sent += 1
    const fields = {
      source_addr_ton: 1,
      source_addr: '15550001000',
      dest_addr_ton: 1,
      destination_addr: `1555${7_000_000 + (sent % 10_000)}`,
      registered_delivery: 1,
      data_coding: 0,
      short_message: `text ${sent}`,
    }
    session.send(new smpp.PDU('submit_sm', fields), () => next(session))
  }
  for (const session of links) for (let open = 0; open < window; open++) next(session)
}

process.on('message', (job: EsmeJob) => {
  bind(job).then(() => {
    if (job.submit) submit(job.submit.count, job.submit.window)
    else process.send?.(links.length)
  })
})
process.send?.(0)
