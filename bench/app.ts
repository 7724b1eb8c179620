/** A customer's app, as fast as one can be: it hears of a text and says nothing, or the same text back. */
import { createServer } from 'node:http'

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', chunk => chunks.push(chunk))
  request.on('end', () => {
    const body = new URLSearchParams(Buffer.concat(chunks).toString()).get('Body')
    const reply = request.url === '/reply' ? `<Message>${body}</Message>` : ''
    response.setHeader('content-type', 'text/xml')
    response.end(`<?xml version="1.0" encoding="UTF-8"?><Response>${reply}</Response>`)
  })
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address && typeof address === 'object') process.send?.(address.port)
})
